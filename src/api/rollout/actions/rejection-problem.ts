import type { FailureType } from '../../../contract/failure';
import { readRolloutState } from '../../../db/rollout/rollout-state';
import { findRollout, type RolloutRow } from '../../../db/rollout/rollouts';
import type { ApiDeps } from '../../http/deps';
import { Problem, type ProblemCode } from '../../http/problem';
import type { ActAnswer } from '../../jobs/jobs';
import { stateMembers, type DecidingState } from './action-verdicts';
import { busyProblem } from './check-action';

type Rejection = Extract<ActAnswer, { kind: 'rejected' }>;

const codes: Readonly<Record<FailureType, ProblemCode>> = {
  OrganizationBusy: 'organization-busy',
  ActionTooLate: 'action-too-late',
  DigestMismatch: 'digest-mismatch',
  PlanStale: 'plan-stale',
  GuardTripped: 'guard-tripped',
  ReadOnly: 'read-only',
  PaceInvalid: 'invalid-request',
  ActionNotAllowed: 'action-not-allowed',
  WebexThrottled: 'action-not-allowed',
  WebexUnavailable: 'action-not-allowed',
  WebexForbidden: 'action-not-allowed',
  WebexRejected: 'action-not-allowed',
  WebexContract: 'action-not-allowed',
  ObservationIncomplete: 'action-not-allowed',
  PlanImpossible: 'action-not-allowed',
  RolloutMismatch: 'action-not-allowed',
  OtherOrganization: 'action-not-allowed',
  DatabaseError: 'action-not-allowed',
};

/** What a workflow's refusal means to the caller, with the actions that are possible by now. */
export async function rejectionProblem(
  deps: ApiDeps,
  before: RolloutRow,
  rejection: Rejection,
): Promise<Problem> {
  const row = (await findRollout(deps.db, before.orgId, before.rolloutId)) ?? before;
  return problemOf(rejection, await readRolloutState(deps.db, row));
}

/** The problem of a refusal, given the state of the rollout after it. */
export function problemOf(
  { type, message }: Pick<Rejection, 'type' | 'message'>,
  state: DecidingState,
): Problem {
  const code = codes[type];
  if (code === 'invalid-request') {
    return new Problem(code, message, {
      errors: [{ pointer: '/writesPerSecond', code: 'out-of-range', detail: message }],
    });
  }
  const members = stateMembers(state);
  return code === 'organization-busy' && state.writing
    ? busyProblem(state.writing, members)
    : new Problem(code, message, { members });
}
