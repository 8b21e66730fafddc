/** Plans that have yet to take or free units. */
import { sql } from 'drizzle-orm';
import type { UnitDemand } from '../../domain/plan/forecast-open-plans';
import type { PlanSummary } from '../../domain/plan/plan-summary';
import type { RolloutRequest } from '../../domain/request/rollout-request';
import { planObstacles } from '../../domain/rollout/guards';
import { writingPhases } from '../../domain/rollout/rollout-phase';
import type { Queryable } from '../connect';
import { literals } from '../sql';

/** A plan that can be started, or that is being written, with what it has yet to do to units. */
export interface OpenPlan {
  orgId: string;
  rolloutId: string;
  demands: UnitDemand[];
}

/** All open plans of an organization, oldest first. */
export async function listOpenPlans(db: Queryable, orgId: string): Promise<OpenPlan[]> {
  const { rows } = await db.execute<{
    rolloutId: string;
    isPlanned: boolean;
    summary: PlanSummary;
    request: RolloutRequest;
  }>(sql`
    SELECT r.rollout_id AS "rolloutId", r.phase = 'planned' AS "isPlanned", r.summary, r.request
    FROM rollout r
    WHERE r.org_id = ${orgId} AND r.summary IS NOT NULL
      AND (r.phase IN (${literals(writingPhases)})
        OR r.phase = 'planned' AND (r.expires_at IS NULL OR r.expires_at > now()))
    ORDER BY r.created_at, r.rollout_id`);
  const open = rows.filter((row) => !row.isPlanned || planObstacles(row).length === 0);
  return Promise.all(
    open.map(async ({ rolloutId, isPlanned, summary }) => ({
      orgId,
      rolloutId,
      demands: isPlanned ? summary.units : await demandsLeft(db, rolloutId),
    })),
  );
}

/**
 * What is left of a plan that is being written: the changes of users who wait for their write. What was
 * written is in the figures of the licenses (`readUnitsToday`).
 */
async function demandsLeft(db: Queryable, rolloutId: string): Promise<UnitDemand[]> {
  const { rows } = await db.execute<UnitDemand & Record<string, unknown>>(sql`
    -- Many users have the same changes: they are counted before the changes are looked at.
    WITH same AS (
      SELECT x.changes, x.done, count(*) AS users
      FROM rollout_user x
      WHERE x.rollout_id = ${rolloutId} AND x.put_back IS NULL AND x.outcome = 'planned'
      GROUP BY 1, 2
    ), waiting AS (
      SELECT x.waiting AS changes, count(*) AS users
      FROM rollout_user x
      WHERE x.rollout_id = ${rolloutId} AND x.pending IS NOT NULL AND x.taken_up_by IS NULL
        AND x.wait_ended_at IS NULL
      GROUP BY 1
    ), demand AS (
      SELECT c->'target'->>'licenseId' AS id, c->>'operation' AS what, same.users
      FROM same, jsonb_array_elements(same.changes) c
      WHERE c->'target'->>'kind' = 'license'
        AND NOT coalesce(same.done, '[]') @> jsonb_build_array(jsonb_build_object(
          'operation', c->'operation', 'target', c->'target'))
      UNION ALL
      SELECT c->'target'->>'licenseId', 'wait', waiting.users
      FROM waiting, jsonb_array_elements(waiting.changes) c
      WHERE c->'target'->>'kind' = 'license' AND c->>'operation' = 'add'
    )
    SELECT id AS "licenseId",
      coalesce(sum(users) FILTER (WHERE what = 'add'), 0)::float8 AS taken,
      coalesce(sum(users) FILTER (WHERE what = 'remove'), 0)::float8 AS freed,
      coalesce(sum(users) FILTER (WHERE what = 'wait'), 0)::float8 AS waiting
    FROM demand GROUP BY id ORDER BY id`);
  return rows;
}
