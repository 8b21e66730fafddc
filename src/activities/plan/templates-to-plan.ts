import type { Queryable } from '../../db/connect';
import { findRevision, templatesInForce } from '../../db/templates/templates';
import { findRevisionToday, findTemplateEndedBy } from '../../db/templates/templates-today';
import { kindOf } from '../../domain/kinds/kind-of';
import type { TemplatesToPlan } from '../../domain/kinds/plan-context';
import type { RolloutChange } from '../../domain/request/rollout-request';

/** All templates as they will govern once the change is rolled out (R16a, R30). */
export async function templatesToPlan(
  tx: Queryable,
  orgId: string,
  change: RolloutChange,
): Promise<TemplatesToPlan> {
  const kind = kindOf(change);
  const inForce = await templatesInForce(tx, orgId);
  const stored = kind.storedRevision && (await findRevision(tx, kind.storedRevision));
  return kind.planWith(inForce, stored);
}

/**
 * The same for a plan that is being carried out (R101): a revision that was saved since stands in place
 * of the planned one, and a template that the rollout itself has ended is still the one that ends.
 */
export async function templatesToday(
  tx: Queryable,
  { orgId, rolloutId }: { orgId: string; rolloutId: string },
  change: RolloutChange,
): Promise<TemplatesToPlan> {
  const kind = kindOf(change);
  const inForce = await templatesInForce(tx, orgId);
  const stored = kind.storedRevision && (await findRevisionToday(tx, orgId, kind.storedRevision));
  const ended = await findTemplateEndedBy(tx, rolloutId);
  const isListed = ended && inForce.some(({ templateId }) => templateId === ended.templateId);
  return kind.planWith(ended && !isListed ? [...inForce, ended] : inForce, stored);
}
