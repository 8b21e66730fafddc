import { normalizedAddress } from '../model/address';
import type { Template, TemplateScope } from '../model/template';
import { PlanImpossibleError } from './plan-context';
import type { Candidate, KnownUser } from './candidate';

/**
 * Whom a change can touch. The core decides by it who is in scope, and the query of candidates reads
 * nobody else. The last three are the kinds of change that say something about each user.
 */
export type Reach =
  | { kind: 'nobody' }
  | { kind: 'everybody' }
  /** Members of groups, and holders of what a template gave them where one is named (R30, R31). */
  | { kind: 'members'; groupIds: readonly string[]; orGivenBy: string | null }
  /** By id or e-mail address in lower case. */
  | { kind: 'users'; users: readonly string[] }
  | { kind: 'csv'; importId: string }
  | { kind: 'reconcile' }
  | { kind: 'restore-services'; rolloutId: string };

export const nobody: Reach = { kind: 'nobody' };

/** Whom a template covers, and those whom it once gave something where its id is named (R17). */
export function reachOfScope(scope: TemplateScope, orGivenBy: string | null): Reach {
  return scope.kind === 'organization'
    ? { kind: 'everybody' }
    : { kind: 'members', groupIds: [scope.groupId], orGivenBy };
}

/** Whether a template applies to a user by its scope alone (R17). */
export function covers({ scope }: Pick<Template, 'scope'>, user: Pick<KnownUser, 'groupIds'>) {
  return scope.kind === 'organization' || user.groupIds.includes(scope.groupId);
}

/** The template that a rollout is about. */
export function templateById(templates: readonly Template[], templateId: string): Template {
  const found = templates.find((template) => template.templateId === templateId);
  if (found) return found;
  throw new PlanImpossibleError(`Template ${templateId} isn't among the templates to plan with`);
}

/** Whether a user is in scope. Machines, bots and users of other organizations never are (R17, R52). */
export function scopeOf(reach: Reach): (candidate: Candidate) => boolean {
  return (candidate) => candidate.kind === 'person' && isReached(reach, candidate);
}

function isReached(reach: Reach, candidate: Candidate): boolean {
  switch (reach.kind) {
    case 'nobody':
      return false;
    case 'everybody':
      return true;
    case 'members':
      return (
        reach.groupIds.some((groupId) => candidate.groupIds.includes(groupId)) ||
        (reach.orGivenBy !== null && wasGivenBy(reach.orGivenBy, candidate))
      );
    case 'users':
      return [candidate.personId, normalizedAddress(candidate.email)].some((name) =>
        reach.users.includes(name),
      );
    case 'csv':
    case 'reconcile':
    case 'restore-services':
      return candidate.from === reach.kind;
  }
}

function wasGivenBy(templateId: string, { provenance }: KnownUser): boolean {
  return Object.values(provenance).some(
    (origin) => origin.kind === 'template' && origin.templateId === templateId,
  );
}
