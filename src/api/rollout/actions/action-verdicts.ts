import type { RolloutState } from '../../../db/rollout/rollout-state';
import type { RolloutRow } from '../../../db/rollout/rollouts';
import { planObstacles } from '../../../domain/rollout/guards';
import { busySentence } from '../../../domain/rollout/start-obstacle';
import {
  allowedActions,
  isWriting,
  type Action,
  type ActionVerdict,
} from '../../../domain/rollout/rollout-phase';

/** What decides about actions. */
export type DecidingState = Pick<RolloutState, 'row' | 'counts' | 'writing'> &
  Partial<Pick<RolloutState, 'pace' | 'left' | 'retryable'>>;

/** For every action, whether it is possible now and why not. */
export function actionVerdicts(state: DecidingState): Record<Action, ActionVerdict> {
  const { row, counts } = state;
  const verdicts = allowedActions({
    phase: row.phase,
    paused: row.paused,
    failedUsers: counts.failed ?? 0,
    isThrottled: (state.pace?.notBefore?.getTime() ?? 0) > Date.now(),
    startObstacles: planObstacles(row),
    replanObstacle: replanObstacleOf(row),
    ...(state.left === undefined ? {} : { leftUsers: state.left }),
    ...(state.retryable === undefined ? {} : { retryableUsers: state.retryable }),
  });
  const busy = writingElsewhere(state);
  if (!busy) return verdicts;
  const held = (verdict: ActionVerdict): ActionVerdict =>
    verdict.allowed ? { allowed: false, why: busySentence(busy) } : verdict;
  return {
    ...verdicts,
    start: held(verdicts.start),
    'retry-failed': held(verdicts['retry-failed']),
  };
}

/** The rollout that keeps this one from writing: one per organization can (R25). */
export function writingElsewhere({ row, writing }: DecidingState): RolloutRow | undefined {
  return writing && writing.rolloutId !== row.rolloutId && !isWriting(row.phase)
    ? writing
    : undefined;
}

export function allowedNames(verdicts: Record<Action, ActionVerdict>): Action[] {
  const entries = Object.entries(verdicts) as [Action, ActionVerdict][];
  return entries.flatMap(([action, verdict]) => (verdict.allowed ? [action] : []));
}

/** Members of a problem about a rollout: where it is, and what is possible now. */
export function stateMembers(state: DecidingState) {
  const { phase, phaseVersion } = state.row;
  return { phase, phaseVersion, allowedActions: allowedNames(actionVerdicts(state)) };
}

/** R102: what the watch or a preview has planned is planned anew by them. */
function replanObstacleOf({ automatic, request, phase }: RolloutRow): string | null {
  const { kind } = request.change;
  if (kind === 'preview') return "A preview can't be planned again. Ask for another preview.";
  if (automatic || (kind === 'reconcile' && phase !== 'planned')) {
    return 'The watch takes up users whom this rollout leaves: it is not planned again.';
  }
  return null;
}
