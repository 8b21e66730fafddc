import type { Queryable } from '../../db/connect';
import { readGroupCovers } from '../../db/directory/group-covers';
import { digestMemberships } from '../../db/plan/read-basis';
import type { CandidateReach } from '../../db/plan/reach-sql';
import type { CandidateQuery } from '../../db/plan/read-candidates';
import type { ChangeKind } from '../../domain/kinds/change-kind';
import { kindOf } from '../../domain/kinds/kind-of';
import type { PlanContext } from '../../domain/kinds/plan-context';
import type { Reach } from '../../domain/kinds/reach';
import { needsCallingProperties } from '../../domain/licenses/offers';
import type { PlanBasis } from '../../domain/plan/aged/plan-basis';

type QueryContext = Pick<PlanContext, 'request' | 'templates' | 'ending' | 'settings'>;

/** Which users a plan has to read, and what it has to know about them. */
export async function candidateQuery(
  tx: Queryable,
  { orgId, rolloutId }: { orgId: string; rolloutId: string },
  context: QueryContext,
  /** The rollout whose users are taken up; null where the change itself says whom it reaches. */
  takenFrom: string | null = null,
): Promise<CandidateQuery> {
  const { request, settings } = context;
  const kind = kindOf(request.change);
  const groups = await readGroupCovers(tx, {
    orgId,
    groupIds: groupsToRead(context, kind),
    includeInner: settings.includeParentGroups,
  });
  const except = request.except && {
    users: request.except.users,
    groups: await readGroupCovers(tx, {
      orgId,
      groupIds: request.except.groups,
      includeInner: settings.includeParentGroups,
    }),
  };
  return {
    orgId,
    groups,
    reach: asStored(kind.reach(context, request), rolloutId),
    pilotUsers: request.pilot?.users ?? [],
    pilotGroups: request.pilot?.groups ?? [],
    ...(except ? { except } : {}),
    ...(takenFrom === null ? {} : { taken: { from: takenFrom, by: rolloutId } }),
    withProvenance: kind.needsProvenance,
    withCalling: mayAddCalling(context, kind),
  };
}

/** The memberships that decide about users of a plan (R101), and whom it leaves out (R103). */
export function digestDeciding(
  tx: Queryable,
  { orgId, groups, except }: CandidateQuery,
): Promise<PlanBasis['memberships']> {
  return digestMemberships(tx, orgId, [...groups, ...(except?.groups ?? [])]);
}

function groupsToRead({ templates, ending }: QueryContext, { namedGroups }: ChangeKind): string[] {
  const templated = [...templates, ...(ending ? [ending] : [])].flatMap(({ scope }) =>
    scope.kind === 'group' ? [scope.groupId] : [],
  );
  return [...new Set([...templated, ...namedGroups])].sort();
}

/** The findings of the watch are stored by the rollout that answers them. */
function asStored(reach: Reach, rolloutId: string): CandidateReach {
  return reach.kind === 'reconcile' ? { ...reach, rolloutId } : reach;
}

function mayAddCalling(
  { templates, settings }: QueryContext,
  { addsCalling }: ChangeKind,
): boolean {
  if (addsCalling !== 'if-granted') return addsCalling === 'always';
  return templates.some(({ entitlements }) =>
    entitlements.some(({ offer }) => needsCallingProperties(offer, settings.callingOffers)),
  );
}
