/** Users whom a rollout that no longer writes left waiting for a unit (R36, R46). */
import { sql } from 'drizzle-orm';
import type { Waiter } from '../../domain/watch/serve-waiters';
import type { Queryable } from '../connect';
import { textArray } from '../sql';

interface WaiterRow extends Record<string, unknown> {
  personId: string;
  rolloutId: string;
  pools: string[];
  needsAll: boolean;
}

/** The pool of the change `c`, as `offerKey` names it; null for attendee accounts, which need no unit. */
export const poolOf = sql`CASE WHEN c->'target'->>'kind' = 'license'
  THEN (c->'target'->>'offer') || coalesce('@' || lower(c->'target'->>'site'), '') END`;

/** What the row `u` waits for: its waiting changes, and those that Webex had no unit for. */
export const waitingOf = sql`(u.waiting || CASE
  WHEN u.outcome IN ('waiting-for-seat', 'host-pending')
  THEN coalesce(u.refused, '[]'::jsonb) ELSE '[]'::jsonb END)`;

/**
 * Users who wait for a license of these pools, in order of service. A user waits by the latest started
 * rollout that includes them, if it no longer writes. Users with an open reaction are left out. What
 * Webex refused to a rollout of the watch is tried again after 15 minutes.
 */
export async function waitersFor(
  tx: Queryable,
  input: { orgId: string; pools: readonly string[]; limit: number },
): Promise<Waiter[]> {
  const { orgId, limit } = input;
  if (input.pools.length === 0 || limit <= 0) return [];
  const { rows } = await tx.execute<WaiterRow>(sql`
    SELECT u.person_id AS "personId", u.rollout_id AS "rolloutId", w.pools,
      r.automatic AND u.changes = '[]'::jsonb AS "needsAll"
    FROM rollout_user u JOIN rollout r USING (rollout_id)
      JOIN directory_user d ON d.org_id = u.org_id AND d.person_id = u.person_id,
    LATERAL (
      SELECT jsonb_agg(DISTINCT ${poolOf}) AS pools FROM jsonb_array_elements(${waitingOf}) AS c
      WHERE c->>'operation' = 'add' AND c->'target'->>'kind' = 'license') w
    WHERE u.org_id = ${orgId} AND u.pending IS NOT NULL AND u.taken_up_by IS NULL
      AND d.gone_at IS NULL AND r.started_at IS NOT NULL AND r.phase IN ('verifying', 'completed')
      AND u.outcome IN ('waiting-for-seat', 'host-pending', 'applied', 'converged', 'partial',
        'unconverged')
      AND NOT (r.automatic AND u.refused IS NOT NULL
        AND u.written_at > now() - interval '15 minutes')
      AND w.pools ?| ${textArray(input.pools)}
      AND NOT EXISTS (SELECT 1 FROM rollout_user o JOIN rollout later USING (rollout_id)
        WHERE o.org_id = u.org_id AND o.person_id = u.person_id
          AND later.started_at > r.started_at)
      AND NOT EXISTS (SELECT 1 FROM reaction e WHERE e.org_id = u.org_id
        AND e.person_id = u.person_id AND e.closed_at IS NULL
        AND e.rollout_id IS DISTINCT FROM u.rollout_id)
    ORDER BY r.started_at, u.seq LIMIT ${limit}`);
  return rows;
}
