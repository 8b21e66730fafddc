import { arrangePlan, type Arrangement } from './arrange-plan';
import { createDecider } from './decider';
import { indexLicenses } from '../licenses/license-index';
import type { Candidate } from '../kinds/candidate';
import type { PlannedUser } from './planned-user';
import type { PlanSummary } from './plan-summary';
import { assembleUser } from './assemble-user';
import { seedOf, stableHash } from './waves/stable-hash';
import { createSurvey } from './survey/survey';
import type { PlanContext } from '../kinds/plan-context';

/**
 * Plans a rollout in two passes over the same candidates in the same order: `survey` for each,
 * `arrange` once, `assemble` for each. Between the passes only numbers are kept for a user.
 */
export interface Planner {
  survey(candidate: Candidate): void;
  arrange(): PlanSummary;
  /** Null: out of scope. Throws where the candidates aren't those of the survey. */
  assemble(candidate: Candidate): PlannedUser | null;
}

/** Throws `PlanImpossibleError` where the request can't be planned from these templates. */
export function createPlanner(context: PlanContext): Planner {
  const index = indexLicenses(context.licenses, context.settings.subscriptions);
  const decide = createDecider(context, index);
  const seed = seedOf(context.request.seed);
  const survey = createSurvey(index, context.settings.callingOffers);
  let arrangement: Arrangement | null = null;
  let assembled = 0;
  return {
    survey(candidate) {
      if (arrangement) throw new Error('The survey has ended: the plan is arranged');
      survey.add(candidate, stableHash(candidate.personId, seed), decide(candidate));
    },
    arrange() {
      arrangement ??= arrangePlan({ context, index, survey });
      return arrangement.summary;
    },
    assemble(candidate) {
      if (!arrangement) throw new Error('Rows are assembled once the plan is arranged');
      const number = assembled;
      assembled += 1;
      if (survey.columns.hashAt(number) !== stableHash(candidate.personId, seed)) {
        throw new Error(`Candidate ${number + 1} isn't the one that was surveyed`);
      }
      const decision = decide(candidate);
      const place = arrangement.placeOf(number);
      if (!decision || place === null) return null;
      const { personId, email, displayName, holdings } = candidate;
      const { seq, wave, step, isInRing } = arrangement.placementAt(place);
      const { licenseFor } = arrangement;
      return {
        seq,
        personId,
        email,
        displayName,
        wave,
        step,
        before: holdings,
        ...assembleUser({
          decision,
          before: holdings,
          index,
          licenseFor: (want) => licenseFor(place, want),
          calling: candidate.calling,
          callingOffers: context.settings.callingOffers,
          isInRing,
        }),
      };
    },
  };
}
