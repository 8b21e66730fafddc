import { sql } from 'drizzle-orm';
import type { Queryable } from '../../db/connect';
import { templatesInForce } from '../../db/templates/templates';
import type { Entitlement, Template } from '../../domain/model/template';
import type { RolloutRequest } from '../../domain/request/rollout-request';
import { refusal } from '../activity/failures';

interface RevisionRow extends Record<string, unknown> {
  templateId: string;
  scope: 'organization' | 'group';
  groupId: string | null;
  name: string;
  entitlements: Entitlement[];
}

/** The templates to plan with, and the one that ends with this rollout. */
export interface TemplatesToPlan {
  templates: Template[];
  ending: Template | null;
}

/**
 * All templates as they would govern: the revision that is rolled out stands in place of its own
 * (R16a), one that ends is left out (R30), and what is only looked at stands in for what it is about.
 */
export async function templatesForRollout(
  tx: Queryable,
  orgId: string,
  { change }: RolloutRequest,
): Promise<TemplatesToPlan> {
  const inForce = await templatesInForce(tx, orgId);
  if (change.kind === 'preview') return { templates: withPreview(inForce, change), ending: null };
  if (change.kind === 'delete-template') {
    const ending = inForce.find(({ templateId }) => templateId === change.templateId) ?? null;
    if (!ending)
      throw refusal('PlanImpossible', `Template ${change.templateId} is not there any more`);
    return { templates: inForce.filter((other) => other !== ending), ending };
  }
  if (change.kind !== 'template') return { templates: inForce, ending: null };
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
  const others = inForce.filter((other) => other.templateId !== templateId);
  return { templates: [...others, rolledOut], ending: null };
}

function withPreview(
  inForce: readonly Template[],
  {
    scope,
    name,
    entitlements,
    switchesSide,
  }: Extract<RolloutRequest['change'], { kind: 'preview' }>,
): Template[] {
  const isOfScope = (other: Template) =>
    scope.kind === 'group'
      ? other.scope.kind === 'group' && other.scope.groupId === scope.groupId
      : other.scope.kind === 'organization';
  const replaced = inForce.find(isOfScope);
  const templateId = replaced?.templateId ?? 'preview';
  const revision = (replaced?.revision ?? 0) + 1;
  return [
    ...inForce.filter(
      (other) => other !== replaced && (!switchesSide || other.scope.kind === scope.kind),
    ),
    { templateId, scope, name, revision, entitlements },
  ];
}
