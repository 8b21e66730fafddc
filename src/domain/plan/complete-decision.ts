import type { Decision } from '../decide/decision';
import { leaveOutOffers, leaveOutUser } from '../decide/leave-out';
import { nameEndedWaits } from '../decide/name-ended-waits';
import { nameTurnedOff } from '../decide/name-turned-off';
import type { Candidate } from '../kinds/candidate';
import type { PlanContext } from '../kinds/plan-context';
import { holdingsIn, type LicenseIndex } from '../licenses/license-index';
import { applyChanges } from '../model/apply-changes';

type Decide = (candidate: Candidate) => Decision | null;

/** What a plan adds to the decision of its kind: exclusions, and what earlier rollouts have to do with it. */
export function completingDecisions(
  { request, settings }: Pick<PlanContext, 'request' | 'settings'>,
  index: LicenseIndex,
): (candidate: Candidate, decide: Decide) => Decision | null {
  const offers = new Set(request.except?.offers);
  const leaveOut = (candidate: Candidate, decision: Decision | null) => {
    if (decision === null || candidate.isLeftOut === true) {
      return decision && leaveOutUser(decision);
    }
    if (offers.size === 0) return decision;
    const held = holdingsIn(index, candidate.holdings.licenses);
    return leaveOutOffers(decision, { offers, held, callingOffers: settings.callingOffers });
  };
  return (candidate, decide) => {
    const decision = leaveOut(candidate, decide(candidate));
    if (decision === null || decision.isExcluded === true) return decision;
    const ended = withEndedWaits(candidate, decision, (one) => leaveOut(one, decide(one)));
    return isRestoring(candidate) ? ended : nameTurnedOff(ended, candidate.turnedOff ?? []);
  };
}

/** R107: what the plan says about changes for which the user waits since earlier rollouts. */
function withEndedWaits(candidate: Candidate, decision: Decision, decide: Decide): Decision {
  const { waits = [], holdings } = candidate;
  if (waits.length === 0) return decision;
  const additions = waits.filter(({ operation }) => operation === 'add');
  const ifHeld = decide({ ...candidate, holdings: applyChanges(holdings, additions) });
  return ifHeld === null ? decision : nameEndedWaits({ decision, waits, ifHeld });
}

/** Such a rollout is there to turn services on again. */
function isRestoring({ from }: Candidate): boolean {
  return from === 'restore-services';
}
