import type { RolloutRef, ToConfirm } from '../../contract/activities';
import type { Db } from '../../db/connect';
import { listUnreadGroups } from '../../db/directory/group-covers';
import { beginRead, keepPending } from '../../db/directory/reads';
import { findRollout } from '../../db/rollout/rollouts';
import { groupsToReadAgain, isMissingSomebody, takesAnything } from '../../db/rollout/wave-groups';
import { kindOf } from '../../domain/kinds/kind-of';
import { PlanImpossibleError } from '../../domain/kinds/plan-context';
import { doubtsInOneLine, type DoubtfulGroup } from '../../domain/watch/member-drop';
import { WebexError, type ReadOptions } from '../../webex/port/webex';
import type { ActivityDeps } from '../activity/deps';
import type { PendingRead } from '../directory/directory-check';
import { readMembers } from '../directory/read-groups';
import { candidateQuery } from '../plan/candidate-query';
import { oneSnapshot } from '../plan/check-plan';
import { readContext } from '../plan/read-context';
import { templatesToday } from '../plan/templates-to-plan';

type Deps = Pick<ActivityDeps, 'db' | 'webex' | 'confirmAfterMs'>;

/** A list of members is as of now for so long after its read began, if the rollout hasn't gone on since. */
export const freshForMs = 60_000;

/**
 * Reads who belongs to the groups that decide about a rollout before users lose something (R101), unless
 * they were read since it went on, within a minute. Returned is a read that has to be confirmed first: somebody who loses
 * something is missing, which may be a list that came back short (R89). Where nobody loses anything, only
 * groups are read whose members aren't known. A list that lacks a part is an error: it is read again.
 */
export async function readDecidingGroups(
  deps: Deps,
  { isConfirmed, ...ref }: RolloutRef & { isConfirmed: boolean },
  read: ReadOptions,
): Promise<ToConfirm | null> {
  const { db, confirmAfterMs: afterMs } = deps;
  const { orgId, rolloutId } = ref;
  const takes = await takesAnything(db, rolloutId);
  const counting = takes ? await groupsThatCount(db, ref) : [];
  const wanted = [
    ...(await listUnreadGroups(db, orgId)),
    ...(await groupsToReadAgain(db, { ...ref, groupIds: counting, freshForMs })),
  ];
  const { readId, startedAt } = await beginRead(db, orgId);
  const seen = await readMembers(deps, { orgId, groupIds: [...new Set(wanted)] }, read);
  if (seen.doubtful.length > 0) throw incompleteLists(seen.doubtful);
  const groupIds = [...new Set([...counting, ...seen.groupIds])].sort();
  if (!takes || isConfirmed) return null;
  if (!(await isMissingSomebody(db, { orgId, rolloutId, groupIds }))) return null;
  const pending: PendingRead = {
    startedAt: startedAt.toISOString(),
    groupIds,
    hasTrouble: false,
    readEverybody: false,
    onlyMembers: true,
    check: null,
  };
  await keepPending(db, readId, { ...pending });
  return { readId, afterMs };
}

/** Groups whose members the decisions of a plan depend on, with those inside them. */
export function groupsThatCount(db: Db, ref: RolloutRef): Promise<string[]> {
  const { orgId, rolloutId } = ref;
  return db.transaction(async (tx) => {
    const rollout = await findRollout(tx, orgId, rolloutId);
    if (!rollout) return [];
    const { request } = rollout;
    const { readsMemberships, namedGroups } = kindOf(request.change);
    try {
      const templates = await templatesToday(tx, ref, request.change);
      const context = await readContext(tx, { orgId, request, templates });
      const { groups, except } = await candidateQuery(tx, ref, context);
      const deciding = groups.filter(
        ({ groupId }) => readsMemberships || namedGroups.includes(groupId),
      );
      return [...deciding, ...(except?.groups ?? [])].flatMap((one) => one.memberGroupIds);
    } catch (error) {
      // The check of the plan says so.
      if (error instanceof PlanImpossibleError) return [];
      throw error;
    }
  }, oneSnapshot);
}

export function incompleteLists(doubtful: readonly DoubtfulGroup[]): WebexError {
  const operation = 'GET /groups/members';
  const message = `${doubtsInOneLine(doubtful)}; nothing is written until then, or until an administrator accepts the list`;
  return new WebexError('incomplete', message, { operation });
}
