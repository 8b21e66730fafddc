import type { Candidate } from '../../kinds/candidate';
import type { PlanContext } from '../../kinds/plan-context';
import { indexLicenses } from '../../licenses/license-index';
import { createDecider } from '../decider';
import { decidedDifferently, type StoredDecision } from './decided-differently';

/** Says how today's decision about a user differs from the stored one; null if it doesn't. */
export type DecisionCheck = (candidate: Candidate, stored: StoredDecision) => string | null;

/**
 * Decides users of a stored plan again, from what planning would read today (R101). The candidate
 * holds what the plan was made from: a user who holds something else by now has changed, which is a
 * matter of its own. Throws `PlanImpossibleError` where the request can't be planned any more.
 */
export function createDecisionCheck(context: PlanContext): DecisionCheck {
  const index = indexLicenses(context.licenses, context.settings.subscriptions);
  const decide = createDecider(context, index);
  return (candidate, stored) => decidedDifferently(stored, decide(candidate), index);
}
