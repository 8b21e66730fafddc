import { sql } from 'drizzle-orm';
import type { Queryable } from '../db/connect';
import { templatesInForce } from '../db/templates';
import type { Entitlement, Template } from '../domain/model';
import type { RolloutRequest } from '../domain/rollout-request';
import { refusal } from './failures';

interface RevisionRow extends Record<string, unknown> {
  templateId: string;
  scope: 'organization' | 'group';
  groupId: string | null;
  name: string;
  entitlements: Entitlement[];
}

/** All templates as they would govern: the revision that is rolled out stands in place of its own (R16a). */
export async function templatesForRollout(
  tx: Queryable,
  orgId: string,
  { change }: RolloutRequest,
): Promise<Template[]> {
  const inForce = await templatesInForce(tx, orgId);
  if (change.kind !== 'template') return inForce;
  const { rows } = await tx.execute<RevisionRow>(sql`
    SELECT t.template_id AS "templateId", t.scope, t.group_id AS "groupId", t.name, r.entitlements
    FROM template t JOIN template_revision r USING (template_id)
    WHERE t.template_id = ${change.templateId} AND r.revision = ${change.revision}
      AND t.deleted_at IS NULL`);
  const [row] = rows;
  if (!row) {
    throw refusal(
      'PlanImpossible',
      `Revision ${change.revision} of template ${change.templateId} is not there any more`,
    );
  }
  const { templateId, name, entitlements } = row;
  const rolledOut: Template = {
    templateId,
    name,
    entitlements,
    revision: change.revision,
    scope:
      row.scope === 'group' && row.groupId !== null
        ? { kind: 'group', groupId: row.groupId }
        : { kind: 'organization' },
  };
  return [...inForce.filter((other) => other.templateId !== templateId), rolledOut];
}
