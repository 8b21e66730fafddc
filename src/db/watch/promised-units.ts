/** Units that Webex shows as free and that are already promised to users. */
import { sql } from 'drizzle-orm';
import { writingPhases } from '../../domain/rollout/rollout-phase';
import type { Queryable } from '../connect';
import { textList } from '../sql';
import { poolOf, waitingOf } from './waiting-changes';

/**
 * Promised units by pool: additions that rollouts and plans of the watch have yet to write, and additions
 * of open reactions. Without this count, two checks in a row would promise one unit to several users (R46).
 */
export async function promisedUnits(
  tx: Queryable,
  { orgId, pools }: { orgId: string; pools: readonly string[] },
): Promise<Map<string, number>> {
  const { rows } = await tx.execute<{ pool: string; units: number }>(sql`
    WITH promised AS (
      SELECT ${poolOf} AS pool
      FROM rollout_user u JOIN rollout r USING (rollout_id),
        LATERAL jsonb_array_elements(u.changes) AS c
      WHERE r.org_id = ${orgId} AND c->>'operation' = 'add' AND u.outcome = 'planned'
        AND (r.phase IN ${textList(writingPhases)}
          OR (r.phase = 'planned' AND r.request->'change'->>'kind' = 'reconcile'))
      UNION ALL
      SELECT ${poolOf}
      FROM reaction e LEFT JOIN rollout r ON r.rollout_id = e.rollout_id,
        LATERAL jsonb_array_elements(e.causes) AS cause
        JOIN rollout_user u ON u.rollout_id = (cause->>'rolloutId')::uuid,
        LATERAL jsonb_array_elements(${waitingOf('u')}) AS c
      WHERE e.org_id = ${orgId} AND e.closed_at IS NULL AND u.person_id = e.person_id
        AND (e.rollout_id IS NULL OR r.phase = 'planning')
        AND cause->>'kind' = 'units-free' AND c->>'operation' = 'add'
    )
    SELECT pool, count(*)::int AS units FROM promised
    WHERE pool IN ${textList(pools)}
    GROUP BY pool`);
  return new Map(rows.map(({ pool, units }) => [pool, units]));
}
