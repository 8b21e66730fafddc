/** Open rows of rollouts that write nobody now, while nobody knows what became of a call. */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../../connect';
import { permittingPhases, finalPhases } from '../../../domain/rollout/rollout-phase';
import { literals } from '../../sql';
import { isRunning } from '../../write/may-write';
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
  limit: number,
): Promise<DoubtfulRow[]> {
  const { rows } = await db.execute<DoubtfulRow>(sql`
    SELECT u.rollout_id AS "rolloutId", u.calls AS call, ${unansweredRow}
    FROM rollout_user u JOIN rollout r USING (rollout_id)
    WHERE u.org_id = ${orgId} AND r.phase NOT IN (${literals(finalPhases)})
      AND NOT ${isRunning([...permittingPhases])}
      AND u.outcome = 'planned' AND u.intent_at < clock_timestamp() - interval '1 minute'
      AND u.unanswered_call IS NOT NULL AND u.put_back IS NULL
      AND (u.in_flight_until IS NULL OR u.in_flight_until <= clock_timestamp())
    ORDER BY u.intent_at LIMIT ${limit}`);
  return rows;
}
