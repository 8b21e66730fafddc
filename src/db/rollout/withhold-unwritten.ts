import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';
import { beginFollowUp } from './follow-up';
import { lockedRollout } from '../write/failure-guard';

/**
 * Closes the open rows of a rollout that ends: `withheld`, or `failed` where an answer was lost. Users
 * who were written are verified all the same (R99). A row whose write is under way stays open, until its
 * outcome is recorded or upkeep closes it, and so does one to whose user something is owed (R95).
 */
export async function withholdUnwritten(db: Queryable, rolloutId: string): Promise<void> {
  await db.execute(sql`
    WITH ${lockedRollout(rolloutId)}
    UPDATE rollout_user u SET in_flight_until = NULL,
      outcome = CASE WHEN intent_at IS NULL THEN 'withheld' ELSE 'failed' END,
      detail = CASE WHEN intent_at IS NULL THEN 'the rollout ended before this user was written'
        ELSE 'the answer to the write was lost and the rollout ended before it could be repeated' END
    FROM locked WHERE u.rollout_id = locked.rollout_id AND outcome = 'planned'
      AND put_back IS NULL AND (in_flight_until IS NULL OR in_flight_until <= clock_timestamp())`);
  await beginFollowUp(db, rolloutId);
}
