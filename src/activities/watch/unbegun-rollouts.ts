import { sql } from 'drizzle-orm';
import type { Queryable } from '../../db/connect';
import type { StartableRollout } from '../../contract/rollout-start';

/**
 * Rollouts of the watch that have no plan yet: just opened, or left without a workflow by a crash.
 * Starting one twice is harmless.
 */
export async function unbegunRollouts(db: Queryable, orgId: string): Promise<StartableRollout[]> {
  const { rows } = await db.execute<StartableRollout & Record<string, unknown>>(sql`
    SELECT r.org_id AS "orgId", o.org_uuid AS "orgUuid", r.rollout_id AS "rolloutId", r.title,
      r.created_by AS "createdBy", r.template_id AS "templateId", r.automatic
    FROM rollout r JOIN organization o USING (org_id)
    WHERE r.org_id = ${orgId} AND r.phase = 'planning'
      AND r.request->'change'->>'kind' = 'reconcile'
    ORDER BY r.created_at LIMIT 10`);
  return rows;
}
