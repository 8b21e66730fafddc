import { ApplicationFailure } from '@temporalio/common';
import { moveOn, type RowCursor } from '../../../db/write/row-cursor';
import { endSettledDebts, isOwed } from '../../../db/write/owed';
import { overduePutBacks } from '../../../db/write/writes-in-flight';
import type { ActivityDeps } from '../../activity/deps';
import { createCredentialWatch } from '../pace/credential-watch';
import { putBackUserActivities } from './put-back-user';
import { createThrottleWatch } from '../pace/throttle-watch';
import { createUnitsLeft } from '../units-left';

const usersPerTurn = 20;

/**
 * Puts back what is owed (R95) where nobody has tried for a minute, and debts of closed rows when their time
 * has come. Returns the number of users who have it. What fails is tried again at a later turn.
 */
export function createPutBackUpkeep(deps: ActivityDeps): () => Promise<number> {
  const { putBackUser } = putBackUserActivities({
    ...deps,
    unitsLeft: createUnitsLeft(deps),
    credentialWatch: createCredentialWatch(deps.webex),
    throttleWatch: createThrottleWatch(),
  });
  const cursor: RowCursor = { after: null };
  return async () => {
    const { db, orgId } = deps;
    let users = 0;
    const bugs: unknown[] = [];
    const limit = usersPerTurn;
    await endSettledDebts(db, orgId);
    const rows = await overduePutBacks(db, orgId, { ...cursor, limit });
    moveOn(cursor, rows, limit);
    for (const row of rows) {
      try {
        await putBackUser({ orgId, ...row });
        if (!(await isOwed(db, row))) users += 1;
      } catch (error) {
        // One that can't be put back doesn't keep those behind it waiting.
        if (!(error instanceof ApplicationFailure)) bugs.push(error);
      }
    }
    if (bugs.length > 0) throw bugs[0];
    return users;
  };
}
