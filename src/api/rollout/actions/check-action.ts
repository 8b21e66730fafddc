import { readRolloutState, type RolloutState } from '../../../db/rollout/rollout-state';
import type { RolloutRow } from '../../../db/rollout/rollouts';
import { kindOf } from '../../../domain/kinds/kind-of';
import { busySentence, takenUpSentence } from '../../../domain/rollout/start-obstacle';
import type { Action } from '../../../domain/rollout/rollout-phase';
import { rolloutAddress } from '../../http/parameters/addresses';
import type { ApiDeps } from '../../http/deps';
import { Problem } from '../../http/problem';
import {
  actionVerdicts,
  stateMembers,
  writingElsewhere,
  type DecidingState,
} from './action-verdicts';

interface AskedAction {
  action: Action;
  digest?: string | undefined;
  expectedPhaseVersion?: number | undefined;
}

/** Throws the 409 that explains why an action isn't possible now, and which ones are. */
export async function checkAction(
  deps: ApiDeps,
  row: RolloutRow,
  asked: AskedAction,
): Promise<RolloutState> {
  const state = await readRolloutState(deps.db, row);
  const problem = actionProblem(state, asked);
  if (problem) throw problem;
  return state;
}

/** What speaks against an action, the first reason only; undefined if nothing does. */
export function actionProblem(state: DecidingState, asked: AskedAction): Problem | undefined {
  return (
    tooLate(state, asked) ??
    busy(state, asked) ??
    notAllowed(state, asked) ??
    otherPlan(state, asked)
  );
}

function tooLate(state: DecidingState, { expectedPhaseVersion }: AskedAction) {
  const { phaseVersion } = state.row;
  if (expectedPhaseVersion === undefined || expectedPhaseVersion === phaseVersion) return undefined;
  const detail = `The rollout has moved on: you saw version ${expectedPhaseVersion}, it is now ${phaseVersion} (${state.row.phase}).`;
  return new Problem('action-too-late', detail, { members: stateMembers(state) });
}

/** Only if the action would be possible otherwise: the other rollout's address would mislead. */
function busy(state: DecidingState, { action }: AskedAction) {
  const writing = writingElsewhere(state);
  if (!writing || (action !== 'start' && action !== 'retry-failed')) return undefined;
  const verdict = actionVerdicts({ ...state, writing: undefined })[action];
  return verdict.allowed ? busyProblem(writing, stateMembers(state)) : undefined;
}

function notAllowed(state: DecidingState, { action }: AskedAction) {
  const verdict = actionVerdicts(state)[action];
  if (verdict.allowed) return undefined;
  const { phase, request } = state.row;
  const isGuard =
    action === 'start' && phase === 'planned' && kindOf(request.change).neverStarts === null;
  const code = isGuard ? 'guard-tripped' : 'action-not-allowed';
  return new Problem(code, verdict.why, { members: stateMembers(state) });
}

function otherPlan(state: DecidingState, { digest }: AskedAction) {
  if (digest === undefined || digest === state.row.digest) return undefined;
  const detail = 'The stored plan has another digest: read the plan again before you start it.';
  const members = { ...stateMembers(state), digest: state.row.digest };
  return new Problem('digest-mismatch', detail, { members });
}

/** R25: the second one gets the address of the first. */
export function busyProblem(writing: RolloutRow, members: Record<string, unknown> = {}): Problem {
  const first = rolloutAddress(writing.orgId, writing.rolloutId);
  return new Problem('organization-busy', busySentence(writing), {
    members: { ...members, conflictsWith: first },
    headers: { Location: first },
  });
}

/** R102: what `actionVerdicts` says, where another request was first. */
export function takenUpProblem(successor: RolloutRow): Problem {
  return new Problem('action-not-allowed', takenUpSentence(successor));
}
