import { sql } from 'drizzle-orm';
import type { Queryable } from '../../connect';
import { wasRefused } from '../../sql';
import { beginFollowUp } from '../follow-up';
import { lockedRollout } from '../../write/failure-guard';

/** Earlier calls of row `u` have done a part of its changes. */
const hasDone = sql`jsonb_array_length(coalesce(u.done, '[]')) > 0`;

/**
 * Closes the open rows of a rollout that ends: `withheld`, `partial` where the first of two calls was
 * made, or `failed` where an answer was lost or each attempt was refused. Users who were written are
 * verified all the same (R99). A row whose write is under way stays open, until its
 * outcome is recorded or upkeep closes it, and so does one to whose user something is owed (R95).
 */
export async function withholdUnwritten(db: Queryable, rolloutId: string): Promise<void> {
  await db.execute(sql`
    WITH ${lockedRollout(rolloutId)}
    UPDATE rollout_user u SET in_flight_until = NULL,
      outcome = CASE WHEN ${hasDone} THEN 'partial' WHEN intent_at IS NULL THEN 'withheld'
        ELSE 'failed' END,
      refused = CASE WHEN ${hasDone} THEN (SELECT jsonb_agg(c) FROM jsonb_array_elements(u.changes) c
        WHERE NOT ${wasRefused(sql`u.done`, sql`c`)}) ELSE refused END,
      detail = CASE WHEN intent_at IS NULL THEN 'the rollout ended before this user was written'
        WHEN unanswered_call IS NOT NULL
          THEN 'the answer to the write was lost and the rollout ended before it could be repeated'
        WHEN ${hasDone} THEN 'the rollout ended before all of the change was written'
        ELSE 'the rollout ended before an attempt succeeded' || coalesce(': ' || detail, '') END
    FROM locked WHERE u.rollout_id = locked.rollout_id AND outcome = 'planned'
      AND put_back IS NULL AND (in_flight_until IS NULL OR in_flight_until <= clock_timestamp())`);
  await beginFollowUp(db, rolloutId);
}
