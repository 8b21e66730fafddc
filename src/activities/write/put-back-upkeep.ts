import { ApplicationFailure } from '@temporalio/common';
import { overduePutBacks } from '../../db/write/writes-in-flight';
import type { ActivityDeps } from '../activity/deps';
import { createCredentialWatch } from './credential-watch';
import { putBackUserActivities } from './put-back-user';
import { createThrottleWatch } from './throttle-watch';
import { createUnitsLeft } from './units-left';

const usersPerTurn = 20;

/**
 * Puts back what is owed (R95) where nobody has tried for a minute. Returns the number of users who have
 * it. What fails is tried again at a later turn.
 */
export function createPutBackUpkeep(deps: ActivityDeps): () => Promise<number> {
  const { putBackUser } = putBackUserActivities({
    ...deps,
    unitsLeft: createUnitsLeft(deps),
    credentialWatch: createCredentialWatch(deps.webex),
    throttleWatch: createThrottleWatch(),
  });
  return async () => {
    const { db, orgId } = deps;
    let users = 0;
    for (const row of await overduePutBacks(db, orgId, usersPerTurn)) {
      try {
        const { result } = await putBackUser({ orgId, ...row });
        if (result !== 'held') users += 1;
      } catch (error) {
        if (!(error instanceof ApplicationFailure)) throw error;
      }
    }
    return users;
  };
}
