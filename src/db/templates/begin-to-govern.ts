/** The moment at which a rollout's change begins to govern (R16a), and what happens then. */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';
import { completeBaselines } from './group-baseline';
import { passOwnership } from './pass-ownership';

/**
 * Puts the draft in force (R16a), ends a template that is to end (R30), passes on the ownership of what
 * they no longer grant (R31a), and includes users who were left out as explicit (R20). Users who have
 * joined a group since the plan of its first template have joined (R91).
 */
export async function beginToGovern(
  tx: Queryable,
  { orgId, rolloutId }: { orgId: string; rolloutId: string },
): Promise<void> {
  const drafts = await tx.execute<{ id: string }>(sql`
    SELECT template_id AS id FROM template WHERE draft_rollout_id = ${rolloutId}`);
  await completeBaselines(tx, { orgId, templateIds: drafts.rows.map(({ id }) => id) });
  const revised = await tx.execute<{ templateId: string }>(sql`
    UPDATE template SET in_force_revision = draft_revision, draft_revision = NULL,
      draft_rollout_id = NULL, updated_at = now()
    WHERE draft_rollout_id = ${rolloutId} AND draft_revision IS NOT NULL
    RETURNING template_id AS "templateId"`);
  const ended = await tx.execute<{ templateId: string }>(sql`
    UPDATE template SET deleted_at = now(), updated_at = now()
    WHERE ending_rollout_id = ${rolloutId} AND deleted_at IS NULL
    RETURNING template_id AS "templateId"`);
  for (const { templateId } of [...revised.rows, ...ended.rows]) {
    await passOwnership(tx, orgId, templateId);
  }
  await includeExplicit(tx, rolloutId);
}

/** Drops the change of a rollout that ended before it governed. What was in force remains in force. */
export async function dropWaitingChange(tx: Queryable, rolloutId: string): Promise<void> {
  await tx.execute(sql`
    UPDATE template SET draft_revision = NULL, draft_rollout_id = NULL, updated_at = now()
    WHERE draft_rollout_id = ${rolloutId} AND draft_revision IS NOT NULL`);
  await tx.execute(sql`
    UPDATE template SET ending_rollout_id = NULL, updated_at = now()
    WHERE ending_rollout_id = ${rolloutId} AND deleted_at IS NULL`);
}

/** R20: a rollout of the organization template to existing users includes those created with a license. */
async function includeExplicit(tx: Queryable, rolloutId: string): Promise<void> {
  await tx.execute(sql`
    UPDATE mirror_user d SET is_explicit = false
    FROM rollout r JOIN template t USING (template_id), rollout_user u, org_number o
    WHERE r.rollout_id = ${rolloutId} AND t.scope = 'organization'
      AND r.request->'change'->>'kind' = 'template' AND (r.request->>'existingUsers')::boolean
      AND u.rollout_id = r.rollout_id AND u.outcome <> 'excluded'
      AND o.org_id = u.org_id AND d.org_no = o.org_no AND d.person_id = u.person_id
      AND d.is_explicit`);
}
