import type { RolloutRequest } from './rollout-request';

/**
 * One line that tells a rollout from others: `Template "Sales" r3, existing users, takes what it doesn't name`.
 * `templateName` is read only for template rollouts.
 */
export function rolloutTitle(request: RolloutRequest, templateName: string): string {
  const { change } = request;
  const subject =
    change.kind === 'template'
      ? `Template "${templateName}" r${change.revision}`
      : `Turn off ${change.services.join(' and ')}`;
  if (!request.existingUsers) return `${subject}, future users only`;
  const reach = change.kind === 'template' ? 'existing users' : describeFrom(change.from);
  if (change.kind === 'remove-services') return `${subject}, ${reach}`;
  return `${subject}, ${reach}, ${request.preserveLicenses ? "keeps what it doesn't name" : "takes what it doesn't name"}`;
}

function describeFrom(from: { organization: true } | { groups: string[] } | { users: string[] }) {
  if ('organization' in from) return 'whole organization';
  if ('groups' in from)
    return from.groups.length === 1 ? '1 group' : `${from.groups.length} groups`;
  return from.users.length === 1 ? '1 user' : `${from.users.length} users`;
}
