import { kindOf } from '../kinds/kind-of';
import { counted, firstFew } from '../model/text/wording';
import type { PlanSummary } from '../plan/plan-summary';
import type { Guards, RolloutRequest } from '../request/rollout-request';

/** Users written since the last resume, those of them that failed, and how many may. */
export interface FailureCount {
  written: number;
  failed: number;
  limit: number;
}

export type GuardVerdict = { tripped: false } | { tripped: true; reason: string };

/** Whether more users have failed than may, which halts a rollout (R96). */
export function failureGuard({ written, failed, limit }: FailureCount): GuardVerdict {
  if (failed <= limit) return { tripped: false };
  const reason =
    `${failed} of ${counted(written, 'user')} failed, and at most ${limit} may. ` +
    'Look at why they failed, then resume or abort';
  return { tripped: true, reason };
}

/** Why a plan exceeds its removal budget, one sentence each; replacements don't count (R19b). */
export function guardViolations(
  summary: Pick<PlanSummary, 'removals' | 'replacements' | 'usersLosing' | 'usersInScope'>,
  guards: Guards,
): string[] {
  const violations: string[] = [];
  const removals = summary.removals - summary.replacements;
  if (guards.maxRemovals !== null && removals > guards.maxRemovals) {
    violations.push(
      `The plan removes ${counted(removals, 'license')}; maxRemovals allows ${guards.maxRemovals}.`,
    );
  }
  if (guards.maxRemovalPercent !== null && summary.usersInScope > 0) {
    const percent = (summary.usersLosing / summary.usersInScope) * 100;
    if (percent > guards.maxRemovalPercent) {
      violations.push(
        `The plan removes licenses from ${percent.toFixed(1)} % of the users in scope; ` +
          `maxRemovalPercent allows ${guards.maxRemovalPercent} %.`,
      );
    }
  }
  return violations;
}

/** Everything in a plan that keeps it from ever being started as it is. */
export function planObstacles({
  summary,
  request,
}: {
  summary: PlanSummary | null;
  request: RolloutRequest;
}): string[] {
  const { neverStarts } = kindOf(request.change);
  if (neverStarts !== null) return [neverStarts];
  return summary ? startObstacles(summary, request) : [];
}

/** Everything that forbids the start of a plan that could be started: removal budgets, and permanent loss of Calling (R68). */
export function startObstacles(
  summary: PlanSummary,
  request: Pick<RolloutRequest, 'guards' | 'acknowledgeIrreversible'>,
): string[] {
  const obstacles = guardViolations(summary, request.guards);
  const { users, named } = summary.irreversibleRemovals;
  if (users > 0 && !request.acknowledgeIrreversible) {
    const whom = firstFew(named, named.length, users);
    obstacles.push(
      `The plan permanently removes the Calling number, extension and voicemail of ${whom}. ` +
        'To accept this, plan it again with acknowledgeIrreversible.',
    );
  }
  return obstacles;
}
