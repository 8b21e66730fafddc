import type { Queryable } from '../../db/connect';
import { findRevision, templatesInForce } from '../../db/templates/templates';
import { findRevisionToday, findTemplateEndedBy } from '../../db/templates/templates-today';
import { kindOf } from '../../domain/kinds/kind-of';
import type { TemplatesToPlan } from '../../domain/kinds/plan-context';
import type { RolloutChange } from '../../domain/request/rollout-request';

interface RolloutIds {
  orgId: string;
  rolloutId: string;
}

/** All templates as they will govern once the change is rolled out (R16a, R30). */
export async function templatesToPlan(
  tx: Queryable,
  ids: RolloutIds,
  change: RolloutChange,
): Promise<TemplatesToPlan> {
  const kind = kindOf(change);
  const stored = kind.storedRevision && (await findRevision(tx, kind.storedRevision));
  return kind.planWith(await inForceOrEnded(tx, ids), stored);
}

/**
 * The same for a plan that is being carried out (R101): a revision that was saved since stands in place
 * of the planned one.
 */
export async function templatesToday(
  tx: Queryable,
  ids: RolloutIds,
  change: RolloutChange,
): Promise<TemplatesToPlan> {
  const kind = kindOf(change);
  const { storedRevision } = kind;
  const stored = storedRevision && (await findRevisionToday(tx, ids.orgId, storedRevision));
  return kind.planWith(await inForceOrEnded(tx, ids), stored);
}

/** A template that the rollout itself, or the one that it takes up, has ended is still the one that ends. */
async function inForceOrEnded(tx: Queryable, { orgId, rolloutId }: RolloutIds) {
  const inForce = await templatesInForce(tx, orgId);
  const ended = await findTemplateEndedBy(tx, rolloutId);
  const isListed = ended && inForce.some(({ templateId }) => templateId === ended.templateId);
  return ended && !isListed ? [...inForce, ended] : inForce;
}
