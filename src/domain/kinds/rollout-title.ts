import type { RolloutRequest } from '../request/rollout-request';

/**
 * One line that tells a rollout from others: `Template "Sales" r3, existing users, takes what it doesn't name`.
 * `templateName` is read only for kinds that are about a stored template.
 */
export function rolloutTitle(request: RolloutRequest, templateName: string): string {
  const { change } = request;
  switch (change.kind) {
    case 'template': {
      const subject = `Template "${templateName}" r${change.revision}`;
      const recipients = change.removedServices ? ', takes what it gave and grants no more' : '';
      return `${subject}, ${reachOf(request)}${recipients}`;
    }
    case 'preview':
      return `Preview of "${change.name}", ${reachOf(request)}`;
    case 'delete-template':
      return `End template "${templateName}", takes what it gave`;
    case 'remove-services':
      return `Turn off ${change.services.join(' and ')}, ${describeFrom(change.from)}`;
    case 'restore-services':
      return `Give back what rollout ${change.rolloutId} took`;
    case 'csv':
      return `CSV import, ${change.mode === 'add' ? 'adds only' : 'adds and removes'}`;
    case 'reconcile':
      return 'New users and group changes';
  }
}

function reachOf({ existingUsers, preserveLicenses }: RolloutRequest): string {
  if (!existingUsers) return 'future users only';
  return `existing users, ${preserveLicenses ? "keeps what it doesn't name" : "takes what it doesn't name"}`;
}

function describeFrom(from: { organization: true } | { groups: string[] } | { users: string[] }) {
  if ('organization' in from) return 'whole organization';
  if ('groups' in from)
    return from.groups.length === 1 ? '1 group' : `${from.groups.length} groups`;
  return from.users.length === 1 ? '1 user' : `${from.users.length} users`;
}
