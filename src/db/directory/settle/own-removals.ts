/** What Seatwise itself has removed from users since a list of holders was accepted: that is no drop (R88). */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../../connect';

/**
 * By license or attendee account, the users from whom the ledger's entries since `acceptedAt` removed it:
 * their first entry and their last one are removals. Others were given it since, and weren't counted then.
 */
export async function countOwnRemovals(
  tx: Queryable,
  orgId: string,
  accepted: readonly { target: string; acceptedAt: string }[],
): Promise<ReadonlyMap<string, number>> {
  if (accepted.length === 0) return new Map();
  const { rows } = await tx.execute<{ target: string; removed: number }>(sql`
    WITH since AS (
      SELECT a->>'target' AS target, (a->>'acceptedAt')::timestamptz AS accepted_at
      FROM jsonb_array_elements(${JSON.stringify(accepted)}::jsonb) a
    ), by_user AS (
      SELECT l.target,
        (array_agg(l.operation ORDER BY l.ledger_id))[1] AS first,
        (array_agg(l.operation ORDER BY l.ledger_id DESC))[1] AS last
      FROM ledger l JOIN since s ON s.target = l.target AND l.at > s.accepted_at
      WHERE l.org_id = ${orgId}
      GROUP BY l.target, l.person_id
    )
    SELECT target, count(*)::int AS removed FROM by_user
    WHERE first = 'remove' AND last = 'remove' GROUP BY target`);
  return new Map(rows.map(({ target, removed }) => [target, removed]));
}
