import { sql } from 'drizzle-orm';
import type { GoneInWave } from '../../domain/rollout/what-went-wrong';
import { plausibleDrop } from '../../domain/watch/believe';
import type { Queryable } from '../connect';
import { tallyOf } from '../write/tally';

/**
 * Of the wave of a user: how many counted as gone when they were to be written, with this one; and how many
 * users there are, where that is more than a few.
 */
export async function goneInWave(
  db: Queryable,
  { rolloutId, seq }: { rolloutId: string; seq: number },
): Promise<GoneInWave> {
  const { rows } = await db.execute<GoneInWave & Record<string, unknown>>(sql`
    WITH wave AS (
      SELECT wave FROM rollout_user WHERE rollout_id = ${rolloutId} AND seq = ${seq}
    ), gone AS MATERIALIZED (
      SELECT count(*)::int + 1 AS users FROM rollout_user u JOIN wave USING (wave)
      WHERE u.rollout_id = ${rolloutId} AND u.outcome = 'gone' AND u.calls > 0
    )
    SELECT users AS gone, CASE WHEN users > ${plausibleDrop}
      THEN (SELECT sum(t.users)::int FROM ${tallyOf(rolloutId)} t JOIN wave USING (wave))
      ELSE users END AS of
    FROM gone`);
  return rows[0] ?? { gone: 1, of: 1 };
}
