import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';
import type { RowOfRollout } from './only-call';
import { isDue } from './owed';
import { comesAfter, type RowCursor } from './row-cursor';
import { openDebts } from './tally';

/** Writes that were permitted and may still be under way. */
export async function writesInFlight(db: Queryable, rolloutId: string): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(sql`
    SELECT count(*)::int AS n FROM rollout_user
    WHERE rollout_id = ${rolloutId} AND in_flight_until IS NOT NULL
      AND in_flight_until > clock_timestamp()`);
  return rows[0]?.n ?? 0;
}

/**
 * Users of the rollout to whom something is being put back (R95): an end waits for the first tries. What
 * Webex refuses to put back is a debt of a closed row, and upkeep goes on with it.
 */
export async function owedPutBacks(db: Queryable, rolloutId: string): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(sql`
    SELECT ${openDebts(rolloutId)} AS n`);
  return rows[0]?.n ?? 0;
}

/**
 * Rows whose putting-back nobody has tried for a minute: their workflow is gone, or was killed. A row
 * that a retry has opened again has no intent: it was never tried since. Debts of closed rows have a time.
 */
export async function overduePutBacks(
  db: Queryable,
  orgId: string,
  { after, limit }: RowCursor & { limit: number },
): Promise<RowOfRollout[]> {
  const { rows } = await db.execute<RowOfRollout & Record<string, unknown>>(sql`
    -- by themselves: the order must not lead to a scan of all rows
    WITH owed AS MATERIALIZED (
      SELECT rollout_id, seq FROM rollout_user u
      WHERE org_id = ${orgId} AND put_back IS NOT NULL AND CASE WHEN outcome = 'planned'
        THEN intent_at IS NULL OR intent_at < clock_timestamp() - interval '1 minute'
        ELSE ${isDue} END)
    SELECT u.rollout_id AS "rolloutId", u.seq FROM owed u
    WHERE ${comesAfter(after)} ORDER BY u.rollout_id, u.seq LIMIT ${limit}`);
  return rows;
}
