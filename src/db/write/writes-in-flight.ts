import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';

/** Writes that were permitted and may still be under way. */
export async function writesInFlight(db: Queryable, rolloutId: string): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(sql`
    SELECT count(*)::int AS n FROM rollout_user
    WHERE rollout_id = ${rolloutId} AND in_flight_until IS NOT NULL
      AND in_flight_until > clock_timestamp()`);
  return rows[0]?.n ?? 0;
}

/** Users of the rollout to whom something is owed (R95): it has not ended before they have it. */
export async function owedPutBacks(db: Queryable, rolloutId: string): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(sql`
    SELECT count(*)::int AS n FROM rollout_user
    WHERE rollout_id = ${rolloutId} AND outcome = 'planned' AND put_back IS NOT NULL`);
  return rows[0]?.n ?? 0;
}

/**
 * Rows whose putting-back nobody has tried for a minute: their workflow is gone, or was killed. A row
 * that a retry has opened again has no intent: it was never tried since.
 */
export async function overduePutBacks(
  db: Queryable,
  orgId: string,
  limit: number,
): Promise<{ rolloutId: string; seq: number }[]> {
  const { rows } = await db.execute<{ rolloutId: string; seq: number }>(sql`
    SELECT rollout_id AS "rolloutId", seq FROM rollout_user
    WHERE org_id = ${orgId} AND outcome = 'planned' AND put_back IS NOT NULL
      AND (intent_at IS NULL OR intent_at < clock_timestamp() - interval '1 minute')
    ORDER BY intent_at NULLS FIRST LIMIT ${limit}`);
  return rows;
}
