import { desiredFor, type Desired } from './composition';
import { decideUser } from './decide-user';
import type { Decision } from './decision';
import type { LicenseIndex } from './license-index';
import type { Candidate, Template } from './model';
import type { PlanContext } from './planner';
import { decideServiceRemoval } from './service-removal';

/** The request names a template that isn't among those it should be planned with. */
export class PlanImpossibleError extends Error {
  override readonly name = 'PlanImpossibleError';
}

/** Decides about candidates; null: out of scope. */
export type Decider = (candidate: Candidate) => Decision | null;

/** Users who hold the same and belong to the same groups are decided about once. */
const rememberedDecisions = 5_000;

export function createDecider(context: PlanContext, index: LicenseIndex): Decider {
  const isInScope = scopeOf(context);
  const decide = decisionOf(context, index);
  const remembered = new Map<string, Decision>();
  return (candidate) => {
    if (!isInScope(candidate)) return null;
    const key = signatureOf(candidate);
    const known = remembered.get(key);
    if (known) return known;
    const decision = decide(candidate);
    if (remembered.size >= rememberedDecisions) remembered.clear();
    remembered.set(key, decision);
    return decision;
  };
}

/**
 * Who is touched: with existing users, all persons for an organization template and the direct
 * members for a group's (R17); without, nobody (R16, R23). Machines, bots and externals never (R52).
 */
function scopeOf({ request, templates }: PlanContext): (candidate: Candidate) => boolean {
  const { change } = request;
  const rolledOut = change.kind === 'template' ? findTemplate(templates, change.templateId) : null;
  const isCovered = (candidate: Candidate): boolean => {
    if (change.kind === 'template') {
      const scope = rolledOut?.scope;
      return scope?.kind !== 'group' || candidate.groupIds.includes(scope.groupId);
    }
    return isFrom(change.from, candidate);
  };
  return (candidate) =>
    request.existingUsers && candidate.kind === 'person' && isCovered(candidate);
}

function isFrom(
  from: { organization: true } | { groups: string[] } | { users: string[] },
  { groupIds, personId, email }: Candidate,
): boolean {
  if ('organization' in from) return true;
  if ('groups' in from) return from.groups.some((groupId) => groupIds.includes(groupId));
  return from.users.includes(personId) || from.users.includes(email.toLowerCase());
}

function decisionOf(
  { request, templates, settings }: PlanContext,
  index: LicenseIndex,
): (candidate: Candidate) => Decision {
  const { change, preserveLicenses } = request;
  const { callingOffers, compositionMode } = settings;
  if (change.kind === 'remove-services') {
    const { services } = change;
    return ({ holdings }) => decideServiceRemoval({ services, holdings, index, callingOffers });
  }
  const composed = new Map<string, Desired>();
  return ({ groupIds, holdings }) => {
    const key = groupIds.join();
    const desired =
      composed.get(key) ??
      desiredFor({ groupIds, templates, mode: compositionMode, callingOffers });
    if (composed.size >= rememberedDecisions) composed.clear();
    composed.set(key, desired);
    return decideUser({ desired, holdings, index, preserve: preserveLicenses, callingOffers });
  };
}

function findTemplate(templates: readonly Template[], templateId: string): Template {
  const found = templates.find((template) => template.templateId === templateId);
  if (found) return found;
  throw new PlanImpossibleError(`Template ${templateId} isn't among the templates to plan with`);
}

function signatureOf({ groupIds, holdings }: Candidate): string {
  const sites = holdings.attendeeSites?.join() ?? '?';
  return `${groupIds.join()} ${holdings.licenses.join()} ${sites}`;
}
