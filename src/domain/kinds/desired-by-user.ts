import { desiredFor, type Desired } from '../templates/compose-templates';
import type { Candidate } from './candidate';
import type { PlanContext } from './plan-context';

/** What all templates together want a user to hold (R11), computed once for equal memberships. */
export type Desires = (candidate: Candidate) => Desired;

const rememberedDesires = 5_000;

/**
 * R20: the organization template leaves out who was created with a license of their own, unless it
 * is what is being rolled out to existing users.
 */
export function createDesires({ request, templates, settings }: PlanContext): Desires {
  const { compositionMode: mode, callingOffers } = settings;
  const includesExplicit = isOfOrganization(request.change, templates) && request.existingUsers;
  const composed = new Map<string, Desired>();
  return ({ groupIds, isExplicit }) => {
    const withoutOrganization = isExplicit === true && !includesExplicit;
    const key = `${groupIds.join()} ${withoutOrganization}`;
    const known = composed.get(key);
    if (known) return known;
    const desired = desiredFor({ groupIds, templates, mode, callingOffers, withoutOrganization });
    if (composed.size >= rememberedDesires) composed.clear();
    composed.set(key, desired);
    return desired;
  };
}

function isOfOrganization(
  change: PlanContext['request']['change'],
  templates: PlanContext['templates'],
): boolean {
  if (change.kind === 'preview') return change.scope.kind === 'organization';
  if (change.kind !== 'template') return false;
  const template = templates.find(({ templateId }) => templateId === change.templateId);
  return template?.scope.kind === 'organization';
}
