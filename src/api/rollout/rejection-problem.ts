import {
  countOutcomes,
  findRollout,
  findWritingRollout,
  type RolloutRow,
} from '../../db/rollout/rollouts';
import { busyProblem } from './check-action';
import type { ApiDeps } from '../http/deps';
import type { ActAnswer } from '../jobs/jobs';
import { Problem } from '../http/problem';
import { allowedNames, verdictsOf } from './rollout-view';

type Rejection = Extract<ActAnswer, { kind: 'rejected' }>;

/** What a workflow's refusal means to the caller, with the actions that make sense by now. */
export async function rejectionProblem(
  deps: ApiDeps,
  before: RolloutRow,
  rejection: Rejection,
): Promise<Problem> {
  const row = (await findRollout(deps.db, before.orgId, before.rolloutId)) ?? before;
  const [counts, writing] = await Promise.all([
    countOutcomes(deps.db, row.rolloutId),
    findWritingRollout(deps.db, row.orgId),
  ]);
  const members = {
    phase: row.phase,
    phaseVersion: row.phaseVersion,
    allowedActions: allowedNames(verdictsOf(row, counts, writing)),
  };
  const { message } = rejection;
  switch (rejection.type) {
    case 'OrganizationBusy':
      return writing
        ? busyProblem(writing, members)
        : new Problem('organization-busy', message, { members });
    case 'ActionTooLate':
      return new Problem('action-too-late', message, { members });
    case 'DigestMismatch':
      return new Problem('digest-mismatch', message, { members });
    case 'GuardTripped':
      return new Problem('guard-tripped', message, { members });
    case 'ReadOnly':
      return new Problem('read-only', message, { members });
    case 'PaceInvalid':
      return new Problem('invalid-request', message, {
        errors: [{ pointer: '/writesPerSecond', code: 'out-of-range', detail: message }],
      });
    case 'ActionNotAllowed':
    case 'WebexThrottled':
    case 'WebexUnavailable':
    case 'WebexForbidden':
    case 'WebexRejected':
    case 'WebexContract':
    case 'ObservationIncomplete':
    case 'PlanImpossible':
    case 'RolloutMismatch':
      return new Problem('action-not-allowed', message, { members });
  }
}
