import { arrangePlan, type Arrangement } from './arrange-plan';
import { createDecider } from './decider';
import type { WantIndex } from '../decide/decision';
import { indexLicenses } from '../licenses/license-index';
import type { Candidate } from '../kinds/candidate';
import type { PlannedUser } from './planned-user';
import type { PlanSummary } from './plan-summary';
import { assembleUser } from './assemble-user';
import { createContents, type PlanContent } from './plan-content';
import { seedOf, stableHash } from './waves/stable-hash';
import { createSurvey } from './survey/survey';
import type { CandidateNumber, SurveyColumns } from './survey/survey-columns';
import type { Place } from '../units/unit-stock';
import type { PlanContext } from '../kinds/plan-context';

/** Where a user stands in the plan, and what it says of them. */
export interface PlacedUser extends Pick<PlannedUser, 'seq' | 'wave' | 'step'> {
  /** The same object for users of whom the same is said, as far as that is known. */
  content: PlanContent;
}

/**
 * Plans a rollout in two passes over the same candidates in the same order: `survey` for each,
 * `arrange` once, and then `recall` or `decideAgain` for each, by their number from 0. Between the passes
 * only numbers are kept for a user. Both return null for those out of scope, and throw where the candidate
 * isn't the one that was surveyed.
 */
export interface Planner {
  survey(candidate: Candidate): void;
  arrange(): PlanSummary;
  /** Whether none of so many candidates from this number on has to be decided again. */
  rememberAll(from: CandidateNumber, count: number): boolean;
  recall(number: CandidateNumber, personId: string): PlacedUser | null;
  decideAgain(number: CandidateNumber, candidate: Candidate): PlacedUser | null;
}

/** Throws `PlanImpossibleError` where the request can't be planned from these templates. */
export function createPlanner(context: PlanContext): Planner {
  const { callingOffers, subscriptions } = context.settings;
  const index = indexLicenses(context.licenses, subscriptions);
  const decide = createDecider(context, index);
  const seed = seedOf(context.request.seed);
  const survey = createSurvey(index, callingOffers);
  let arrangement: Arrangement | null = null;
  const arranged = (): Arrangement => {
    if (!arrangement) throw new Error('Rows are assembled once the plan is arranged');
    return arrangement;
  };
  const contentOf = createContents({
    index,
    callingOffers,
    decisions: survey.decisions,
    licenseFor: (place, want) => arranged().licenseFor(place, want),
  });
  /** Null: out of scope. */
  const placeOf = (number: CandidateNumber, personId: string): Place | null => {
    const place = arranged().placeOf(number);
    if (survey.columns.hashAt(number) === stableHash(personId, seed)) return place;
    throw new Error(`Candidate ${number + 1} isn't the one that was surveyed`);
  };
  return {
    survey(candidate) {
      if (arrangement) throw new Error('The survey has ended: the plan is arranged');
      survey.add(candidate, stableHash(candidate.personId, seed), decide(candidate));
    },
    arrange() {
      arrangement ??= arrangePlan({ context, index, survey });
      return arrangement.summary;
    },
    rememberAll: (from, count) => rememberAll(survey.columns, from, count),
    recall(number, personId) {
      const place = placeOf(number, personId);
      if (place === null) return null;
      const decision = survey.columns.decisionAt(number);
      if (decision === null) throw new Error(`Candidate ${number + 1} has to be decided again`);
      const { seq, wave, step, isInRing } = arranged().placementAt(place);
      return { seq, wave, step, content: contentOf({ number: decision, place, isInRing }) };
    },
    decideAgain(number, candidate) {
      const place = placeOf(number, candidate.personId);
      const decision = decide(candidate);
      if (!decision || place === null) return null;
      const { seq, wave, step, isInRing } = arranged().placementAt(place);
      const { holdings: before, calling } = candidate;
      const licenseFor = (want: WantIndex) => arranged().licenseFor(place, want);
      const user = { decision, before, index, licenseFor, calling, callingOffers, isInRing };
      return { seq, wave, step, content: { before, ...assembleUser(user) } };
    },
  };
}

function rememberAll(columns: SurveyColumns, from: CandidateNumber, count: number): boolean {
  const end = Math.min(from + count, columns.count());
  for (let number = from; number < end; number += 1) {
    if (columns.shapeAt(number) !== null && columns.decisionAt(number) === null) return false;
  }
  return true;
}

/** The whole row of a user. */
export function plannedUser(
  { personId, email, displayName }: Pick<PlannedUser, 'personId' | 'email' | 'displayName'>,
  { seq, wave, step, content }: PlacedUser,
): PlannedUser {
  return { seq, personId, email, displayName, wave, step, ...content };
}
