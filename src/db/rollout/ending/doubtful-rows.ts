/** Open rows of rollouts that write nobody now, while nobody knows what became of a call. */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../../connect';
import { permittingPhases, finalPhases } from '../../../domain/rollout/rollout-phase';
import { literals } from '../../sql';
import { isRunning } from '../../write/may-write';
import { comesAfter, type RowCursor } from '../../write/row-cursor';
import { unansweredRow, type UnansweredRow } from './unanswered-rows';

/** The row of a user in doubt, and the number of its latest call. */
export type DoubtfulRow = UnansweredRow & { rolloutId: string; call: number };

/**
 * Users whose last call had no answer, and whose next one doesn't come: their rollout is paused, halted
 * or held. What such a call has taken would be missing until somebody resumes.
 */
export async function doubtfulRows(
  db: Queryable,
  orgId: string,
  { after, limit }: RowCursor & { limit: number },
): Promise<DoubtfulRow[]> {
  const { rows } = await db.execute<DoubtfulRow>(sql`
    -- by themselves: the order must not lead to a scan of all rows
    WITH doubtful AS MATERIALIZED (
      SELECT u.* FROM rollout_user u JOIN rollout r USING (rollout_id)
      WHERE u.org_id = ${orgId} AND r.phase NOT IN (${literals(finalPhases)})
        AND NOT ${isRunning([...permittingPhases])}
        AND u.outcome = 'planned' AND u.intent_at < clock_timestamp() - interval '1 minute'
        AND u.unanswered_call IS NOT NULL AND u.put_back IS NULL
        AND (u.in_flight_until IS NULL OR u.in_flight_until <= clock_timestamp()))
    SELECT u.rollout_id AS "rolloutId", u.calls AS call, ${unansweredRow} FROM doubtful u
    WHERE ${comesAfter(after)} ORDER BY u.rollout_id, u.seq LIMIT ${limit}`);
  return rows;
}
