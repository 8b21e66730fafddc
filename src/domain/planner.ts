import type { Candidate, License, OrgSettings, PlannedUser, Template } from './model';
import type { PlanSummary } from './plan-summary';
import type { RolloutRequest } from './rollout-request';

/** All that planning looks at, beside the users. */
export interface PlanContext {
  /** As they would govern: the revision that is rolled out stands in place of the one in force. */
  templates: Template[];
  licenses: License[];
  settings: OrgSettings;
  request: RolloutRequest;
}

/**
 * Plans a rollout in two passes over the same candidates in the same order: `survey` for each,
 * `arrange` once, `settle` for each. Between the passes only numbers are kept for a user.
 */
export interface Planner {
  survey(candidate: Candidate): void;
  arrange(): PlanSummary;
  /** Null: out of scope. Throws where the candidates aren't those of the survey. */
  settle(candidate: Candidate): PlannedUser | null;
}

/** Throws `PlanImpossibleError` where the request can't be planned from these templates. */
export function createPlanner(context: PlanContext): Planner {
  throw new Error(`No planner yet for ${context.request.change.kind}`);
}
