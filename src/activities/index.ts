import { applyUserActivities } from './write/apply-user';
import type { Activities } from '../contract/activities';
import type { ActivityDeps } from './activity/deps';
import { confirmMissingActivities } from './directory/confirm-missing';
import { lookAtDirectoryActivities } from './watch/look-at-directory';
import { observeActivities } from './directory/observe';
import { readGroupMembersActivities } from './directory/read-group-members';
import { openReactionsActivities } from './watch/open-reactions';
import { paceActivities } from './write/pace/pace';
import { putBackUserActivities } from './write/put-back/put-back-user';
import { repeatWriteActivities } from './write/repeat-write';
import { createCredentialWatch } from './write/pace/credential-watch';
import { createThrottleWatch } from './write/pace/throttle-watch';
import { createUnitsLeft } from './write/units-left';
import { planRolloutActivities } from './plan/plan-rollout';
import { judgeGateActivities } from './rollout/judge-gate';
import { recordMoveActivities } from './rollout/record-moves';
import { verifyActivities } from './write/verify';
import { rereadWaveActivities } from './rollout/reread-wave';

export type { ActivityDeps } from './activity/deps';

/** All activities, bound to one organization's credential. */
export function createActivities(deps: ActivityDeps): Activities {
  const writing = {
    ...deps,
    unitsLeft: createUnitsLeft(deps),
    credentialWatch: createCredentialWatch(deps.webex),
    throttleWatch: createThrottleWatch(),
  };
  return {
    ...observeActivities(deps),
    ...readGroupMembersActivities(deps),
    ...confirmMissingActivities(deps),
    ...lookAtDirectoryActivities(deps),
    ...openReactionsActivities(deps),
    ...planRolloutActivities(deps),
    ...judgeGateActivities(deps),
    ...recordMoveActivities(deps),
    ...paceActivities(deps),
    ...rereadWaveActivities(deps),
    ...applyUserActivities(writing),
    ...putBackUserActivities(writing),
    ...verifyActivities(deps),
    ...repeatWriteActivities(writing),
  };
}
