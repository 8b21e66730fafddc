import { sql } from 'drizzle-orm';
import type { Db } from '../connect';
import { beginFollowUp } from './follow-up';
import { lockedRollout } from '../write/failure-guard';

/**
 * Closes the open rows of a rollout that ends: `withheld`, or `failed` where an answer was lost. Users
 * who were written are verified all the same (R99).
 */
export async function withholdUnwritten(db: Db, rolloutId: string): Promise<void> {
  await db.execute(sql`
    WITH ${lockedRollout(rolloutId)}
    UPDATE rollout_user u SET in_flight_until = NULL,
      outcome = CASE WHEN intent_at IS NULL THEN 'withheld' ELSE 'failed' END,
      detail = CASE WHEN intent_at IS NULL THEN 'the rollout ended before this user was written'
        WHEN put_back IS NOT NULL
          THEN 'the rollout ended before the other half of a replacement could be put back'
        ELSE 'the answer to the write was lost and the rollout ended before it could be repeated' END
    FROM locked WHERE u.rollout_id = locked.rollout_id AND outcome = 'planned'`);
  await beginFollowUp(db, rolloutId);
}
