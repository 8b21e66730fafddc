/** Users whom a rollout that no longer writes left waiting for a unit (R36, R46). */
import { sql } from 'drizzle-orm';
import type { Waiter } from '../../domain/watch/serve-waiters';
import type { Queryable } from '../connect';
import { hasLostUnit, isServable, isWaiting, textArray } from '../sql';
import { leavesWaiting, poolOf, waitingOf } from './waiting-changes';

interface WaiterRow extends Record<string, unknown> {
  personId: string;
  rolloutId: string;
  pools: string[];
  needsAll: boolean;
}

/**
 * Users who wait for a license of these pools, in order of service. Only rollouts that no longer write
 * count. Users with an open reaction are left out. What Webex refused to a rollout of the watch is tried
 * again after 15 minutes.
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
      SELECT jsonb_agg(DISTINCT ${poolOf}) AS pools
      FROM jsonb_array_elements(${waitingOf('u')}) AS c
      WHERE c->>'operation' = 'add' AND c->'target'->>'kind' = 'license') w
    WHERE u.org_id = ${orgId} AND ${isWaiting('u')} AND d.gone_at IS NULL
      AND ${leavesWaiting} AND (${hasLostUnit('u')} OR ${isServable('u')})
      AND NOT (r.automatic AND u.refused IS NOT NULL
        AND u.written_at > now() - interval '15 minutes')
      AND w.pools ?| ${textArray(input.pools)}
      AND NOT EXISTS (SELECT 1 FROM reaction e WHERE e.org_id = u.org_id
        AND e.person_id = u.person_id AND e.closed_at IS NULL
        AND e.rollout_id IS DISTINCT FROM u.rollout_id)
    ORDER BY ${hasLostUnit('u')} DESC, r.started_at, u.seq LIMIT ${limit}`);
  return rows;
}
