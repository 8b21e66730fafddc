import type { Candidate } from './candidate';
import type { Template } from '../model/template';
import type { RolloutChange, RolloutRequest } from '../request/rollout-request';
import { PlanImpossibleError } from './plan-context';

export interface ScopeInput {
  request: RolloutRequest;
  templates: readonly Template[];
  /** The template that `delete-template` ends; it isn't among the templates any more. */
  ending: Template | null;
}

/**
 * Who is touched. A template's rollout: with existing users, all persons for an organization
 * template and the direct members for a group's (R17); without, nobody (R16, R23), unless removed
 * services go from those who were given them (R30, R31). Machines, bots and externals never (R52).
 */
export function scopeOf(input: ScopeInput): (candidate: Candidate) => boolean {
  const isCovered = coverOf(input);
  return (candidate) => candidate.kind === 'person' && isCovered(candidate);
}

function coverOf({ request, templates, ending }: ScopeInput): (candidate: Candidate) => boolean {
  const { change, existingUsers } = request;
  switch (change.kind) {
    case 'template': {
      const template = findTemplate(templates, change.templateId);
      if (!existingUsers && change.removedServices === undefined) return () => false;
      return (one) =>
        covers(template, one) ||
        (change.removedServices !== undefined && wasGivenBy(template.templateId, one));
    }
    case 'delete-template': {
      const template = ending ?? findTemplate(templates, change.templateId);
      return (one) => covers(template, one) || wasGivenBy(template.templateId, one);
    }
    case 'preview':
      return existingUsers ? (one) => covers({ scope: change.scope }, one) : () => false;
    case 'remove-services':
      return existingUsers ? (one) => isFrom(change.from, one) : () => false;
    case 'csv':
      return ({ csv }) => csv !== undefined;
    case 'reconcile':
      return ({ reaction }) => reaction !== undefined;
    case 'restore-services':
      return ({ taken }) => taken !== undefined && taken.length > 0;
  }
}

/** The template that a rollout is about. */
export function findTemplate(templates: readonly Template[], templateId: string): Template {
  const found = templates.find((template) => template.templateId === templateId);
  if (found) return found;
  throw new PlanImpossibleError(`Template ${templateId} isn't among the templates to plan with`);
}

/** Whether a template applies to a user by its scope alone (R17). */
export function covers({ scope }: Pick<Template, 'scope'>, { groupIds }: Candidate): boolean {
  return scope.kind === 'organization' || groupIds.includes(scope.groupId);
}

function wasGivenBy(templateId: string, { provenance }: Candidate): boolean {
  return Object.values(provenance ?? {}).some(
    (origin) => origin.kind === 'template' && origin.templateId === templateId,
  );
}

function isFrom(
  from: Extract<RolloutChange, { kind: 'remove-services' }>['from'],
  { groupIds, personId, email }: Candidate,
): boolean {
  if ('organization' in from) return true;
  if ('groups' in from) return from.groups.some((groupId) => groupIds.includes(groupId));
  return from.users.includes(personId) || from.users.includes(email.toLowerCase());
}
