import type { listOwedUsers, OwedUser } from '../../db/users/owed-users';
import type { GivenUp, listGivenUp } from '../../db/watch/given-up';
import type { WaitingPlan } from '../../db/watch/reactions';
import type { ReplacedGroup } from '../../db/watch/replaced-groups';
import { rolloutAddress, templateAddress, userAddress } from '../http/parameters/addresses';

export function waitingPlanView(orgId: string, { rolloutId, users, reason }: WaitingPlan) {
  return { rollout: rolloutAddress(orgId, rolloutId), users, reason };
}

/** A template whose group has vanished, and the group that may have taken its place (R90). */
export function replacedGroupView(orgId: string, replaced: ReplacedGroup) {
  const { groupId, template, successorGroupId, successor } = replaced;
  const address = templateAddress(orgId, groupId);
  return {
    template: address,
    name: template,
    successor: { groupId: successorGroupId, displayName: successor },
    move: `${address}/move`,
  };
}

/** Users for whom the watch tried for a day without success (R100). */
export function givenUpView(
  orgId: string,
  { users, first }: Awaited<ReturnType<typeof listGivenUp>>,
) {
  return { users, first: first.map((user) => userView(orgId, user)) };
}

/** Users who have lost something, and don't have it back (R95). */
export function owedView(
  orgId: string,
  { users, first }: Awaited<ReturnType<typeof listOwedUsers>>,
) {
  return { users, first: first.map((user) => owedUserView(orgId, user)) };
}

function owedUserView(orgId: string, user: OwedUser) {
  const { personId, email, displayName, rolloutId, putBack, detail, nextTryAt } = user;
  return {
    user: userAddress(orgId, personId),
    email,
    displayName,
    rollout: rolloutAddress(orgId, rolloutId),
    changes: putBack,
    detail,
    nextTryAt,
  };
}

function userView(orgId: string, user: GivenUp) {
  const { personId, email, displayName, foundAt, attempts, failure } = user;
  return {
    user: userAddress(orgId, personId),
    email,
    displayName,
    foundAt: new Date(foundAt).toISOString(),
    attempts,
    failure,
  };
}
