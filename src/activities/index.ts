import { applyActivities } from './apply-user';
import type { Activities } from '../contract/activities';
import type { ActivityDeps } from './deps';
import { watchActivities } from './look-at-directory';
import { observeActivities } from './observe';
import { reactionActivities } from './open-reactions';
import { paceActivities } from './pace';
import { planActivities } from './plan-rollout';
import { steerActivities } from './steer';
import { verifyActivities } from './verify';
import { waveActivities } from './waves';

export type { ActivityDeps } from './deps';

/** Everything that workflows may ask of the world, bound to one organization's credential. */
export function createActivities(deps: ActivityDeps): Activities {
  return {
    ...observeActivities(deps),
    ...watchActivities(deps),
    ...reactionActivities(deps),
    ...planActivities(deps),
    ...steerActivities(deps),
    ...paceActivities(deps),
    ...waveActivities(deps),
    ...applyActivities(deps),
    ...verifyActivities(deps),
  };
}
