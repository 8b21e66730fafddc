import type { CandidateReach, CandidateScope } from '../../db/plan/read-candidates';
import type { Queryable } from '../../db/connect';
import { readGroupCovers } from '../../db/directory/group-covers';
import type { Template } from '../../domain/model/template';
import { needsCallingProperties } from '../../domain/licenses/offers';
import type { PlanContext } from '../../domain/kinds/plan-context';

export interface ScopeInput extends Pick<
  PlanContext,
  'request' | 'templates' | 'ending' | 'settings'
> {
  orgId: string;
  rolloutId: string;
}

/** Whom a plan has to look at, and what it has to know about them. */
export async function candidateScope(tx: Queryable, input: ScopeInput): Promise<CandidateScope> {
  const { orgId, request, templates, ending, settings } = input;
  const { change, pilot } = request;
  const templated = [...templates, ...(ending ? [ending] : [])].flatMap(({ scope }) =>
    scope.kind === 'group' ? [scope.groupId] : [],
  );
  const named =
    change.kind === 'remove-services' && 'groups' in change.from ? change.from.groups : [];
  const groups = await readGroupCovers(tx, {
    orgId,
    groupIds: [...new Set([...templated, ...named])].sort(),
    includeInner: settings.includeParentGroups,
  });
  const membersOf = (groupIds: readonly string[]) =>
    groups
      .filter(({ groupId }) => groupIds.includes(groupId))
      .flatMap(({ memberGroupIds }) => memberGroupIds);
  return {
    orgId,
    groups,
    reach: reachOf(input, membersOf),
    pilotUsers: pilot?.users ?? [],
    pilotGroups: pilot?.groups ?? [],
    withProvenance: needsProvenance(request),
    withCalling: mayGrantCalling(input),
  };
}

function reachOf(
  { rolloutId, request, templates, ending }: ScopeInput,
  membersOf: (groupIds: readonly string[]) => string[],
): CandidateReach {
  const { change, existingUsers } = request;
  const reachOfTemplate = (scope: Template['scope'], orGivenBy: string | null): CandidateReach =>
    scope.kind === 'organization'
      ? { kind: 'everybody' }
      : { kind: 'groups', groupIds: membersOf([scope.groupId]), orGivenBy };
  switch (change.kind) {
    case 'template': {
      const template = templates.find(({ templateId }) => templateId === change.templateId);
      if (!template || (!existingUsers && !change.removedServices)) return { kind: 'nobody' };
      return reachOfTemplate(template.scope, change.removedServices ? template.templateId : null);
    }
    case 'delete-template':
      return ending ? reachOfTemplate(ending.scope, ending.templateId) : { kind: 'nobody' };
    case 'preview':
      return existingUsers ? reachOfTemplate(change.scope, null) : { kind: 'nobody' };
    case 'csv':
      return { kind: 'csv', importId: change.importId };
    case 'reconcile':
      return { kind: 'reactions', rolloutId };
    case 'restore-services':
      return { kind: 'taken-by', rolloutId: change.rolloutId };
    case 'remove-services': {
      const { from } = change;
      if (!existingUsers) return { kind: 'nobody' };
      if ('groups' in from) {
        return { kind: 'groups', groupIds: membersOf(from.groups), orGivenBy: null };
      }
      return 'users' in from ? { kind: 'users', personIds: from.users } : { kind: 'everybody' };
    }
  }
}

function needsProvenance({ change }: PlanContext['request']): boolean {
  if (change.kind === 'template') return change.removedServices !== undefined;
  return change.kind === 'delete-template' || change.kind === 'reconcile';
}

/** A file, and what the watch takes up again, may grant what no template does. */
function mayGrantCalling({ request, templates, settings }: ScopeInput): boolean {
  const { kind } = request.change;
  if (kind === 'remove-services' || kind === 'restore-services') return false;
  if (kind === 'csv' || kind === 'reconcile') return true;
  return templates.some(({ entitlements }) =>
    entitlements.some(({ offer }) => needsCallingProperties(offer, settings.callingOffers)),
  );
}
