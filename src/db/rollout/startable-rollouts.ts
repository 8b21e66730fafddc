/** Rollouts whose workflow may have to be started, with all that starting it needs. */
import { sql } from 'drizzle-orm';
import { finalPhases, type Phase } from '../../domain/rollout/rollout-phase';
import type { Queryable } from '../connect';
import { literals } from '../sql';

export interface StartableRow extends Record<string, unknown> {
  orgId: string;
  orgUuid: string;
  rolloutId: string;
  title: string;
  createdBy: string;
  templateId: string | null;
  automatic: boolean;
}

const columns = sql`r.org_id AS "orgId", o.org_uuid AS "orgUuid", r.rollout_id AS "rolloutId", r.title,
  r.created_by AS "createdBy", r.template_id AS "templateId", r.automatic`;

/**
 * Rollouts of the watch that have no plan yet: just opened, or left without a workflow by a crash.
 * Starting one twice is harmless.
 */
export async function listUnbegunRollouts(db: Queryable, orgId: string): Promise<StartableRow[]> {
  const { rows } = await db.execute<StartableRow>(sql`
    SELECT ${columns} FROM rollout r JOIN organization o USING (org_id)
    WHERE r.org_id = ${orgId} AND r.phase = 'planning'
      AND r.request->'change'->>'kind' = 'reconcile'
    ORDER BY r.created_at LIMIT 10`);
  return rows;
}

export interface LivingRow extends StartableRow {
  workflowId: string;
  retries: number;
  phase: Phase;
  phaseVersion: number;
}

/** Rollouts of an organization that haven't ended, except those whose request may still be starting its workflow. */
export async function listLivingRollouts(db: Queryable, orgId: string): Promise<LivingRow[]> {
  const { rows } = await db.execute<LivingRow>(sql`
    SELECT ${columns}, r.workflow_id AS "workflowId", r.retries, r.phase,
      r.phase_version AS "phaseVersion"
    FROM rollout r JOIN organization o USING (org_id)
    WHERE r.org_id = ${orgId} AND r.phase NOT IN (${literals(finalPhases)})
      AND r.created_at < now() - interval '5 seconds'`);
  return rows;
}
