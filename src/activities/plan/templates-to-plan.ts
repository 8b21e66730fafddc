import type { Queryable } from '../../db/connect';
import { findRevision, templatesInForce } from '../../db/templates/templates';
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
