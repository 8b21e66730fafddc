import type { Candidate } from '../../kinds/candidate';
import { isDoubtful } from '../../kinds/doubtful-memberships';
import type { PlanContext } from '../../kinds/plan-context';
import { indexLicenses } from '../../licenses/license-index';
import { createDecider } from '../decider';
import { decidedDifferently, type StoredDecision } from './decided-differently';

const inDoubt =
  'the last reads do not show for certain that the user still belongs to their groups';

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
  return (candidate, stored) => {
    const why = decidedDifferently(stored, decide(candidate), index);
    return why !== null && isDoubtful(candidate) ? `${why}; ${inDoubt}` : why;
  };
}
