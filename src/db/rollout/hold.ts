/** The hold that guards put on a rollout: nothing is written until `resume`. */
import { sql, type SQL } from 'drizzle-orm';
import type { Db } from '../connect';

export async function recordHold(db: Db, rolloutId: string, reason: string): Promise<void> {
  await db.execute(
    sql`UPDATE rollout SET hold = coalesce(hold, ${reason}) WHERE rollout_id = ${rolloutId}`,
  );
}

/** What the failure guard counts, as JSON. */
export function guardCount(rolloutId: string): SQL {
  return sql`(SELECT jsonb_build_object('written', count(*),
      'failed', count(*) FILTER (WHERE outcome = 'failed'))
    FROM rollout_user WHERE rollout_id = ${rolloutId} AND attempts > 0 AND outcome <> 'planned')`;
}

interface GuardRow extends Record<string, unknown> {
  written: number;
  failed: number;
  hold: string | null;
  guardFrom: string | null;
}

/**
 * Holds the rollout if `judge` finds too many failures since the last resume, and returns why. A
 * resume while it judges has accepted those failures: then nothing is held.
 */
export async function holdIfTripped(
  db: Db,
  rolloutId: string,
  judge: (count: { written: number; failed: number }) => string | null,
): Promise<string | null> {
  const { rows } = await db.execute<GuardRow>(sql`
    SELECT r.hold, r.guard_from::text AS "guardFrom",
      count(u.seq)::int - coalesce((r.guard_from->>'written')::int, 0) AS written,
      (count(u.seq) FILTER (WHERE u.outcome = 'failed'))::int
        - coalesce((r.guard_from->>'failed')::int, 0) AS failed
    FROM rollout r LEFT JOIN rollout_user u
      ON u.rollout_id = r.rollout_id AND u.attempts > 0 AND u.outcome <> 'planned'
    WHERE r.rollout_id = ${rolloutId} GROUP BY r.rollout_id`);
  const [count] = rows;
  if (!count) return null;
  if (count.hold !== null) return count.hold;
  const reason = judge(count);
  if (reason === null) return null;
  const held = await db.execute(sql`
    UPDATE rollout SET hold = coalesce(hold, ${reason})
    WHERE rollout_id = ${rolloutId} AND guard_from::text IS NOT DISTINCT FROM ${count.guardFrom}
    RETURNING rollout_id`);
  return held.rows.length > 0 ? reason : null;
}
