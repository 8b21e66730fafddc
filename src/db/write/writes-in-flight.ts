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
