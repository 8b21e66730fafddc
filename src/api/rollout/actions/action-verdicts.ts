import type { RolloutState } from '../../../db/rollout/rollout-state';
import type { RolloutRow } from '../../../db/rollout/rollouts';
import { planObstacles } from '../../../domain/rollout/guards';
import { standingAfter } from '../../../domain/rollout/asked-actions';
import { busySentence, takenUpSentence } from '../../../domain/rollout/start-obstacle';
import {
  allowedActions,
  isWriting,
  type Action,
  type ActionVerdict,
} from '../../../domain/rollout/rollout-phase';

/** What decides about actions. */
export type DecidingState = Pick<RolloutState, 'row' | 'counts' | 'writing'> &
  Partial<Pick<RolloutState, 'pace' | 'left' | 'retryable' | 'successor' | 'asked'>>;

/**
 * These act on what is stored now, and don't queue behind accepted actions: they must be possible before
 * those and after them.
 */
const unqueued: readonly Action[] = ['retry-failed', 'replan'];

/**
 * For every action, whether it is possible and why not. Accepted actions that no workflow has taken yet
 * count as carried out: the next one queues behind them.
 */
export function actionVerdicts(state: DecidingState): Record<Action, ActionVerdict> {
  const { asked = [] } = state;
  const now = verdictsAt(state, state.row);
  if (asked.length === 0) return now;
  const verdicts = verdictsAt(state, standingOf(state, asked));
  const why = `${asked.join(', ')} ${asked.length === 1 ? 'was' : 'were'} accepted and not carried out yet.`;
  const entries = Object.entries(verdicts) as [Action, ActionVerdict][];
  return Object.fromEntries(
    entries.map(([action, after]): [Action, ActionVerdict] => {
      const before = now[action];
      if (unqueued.includes(action) && !before.allowed) return [action, before];
      return [action, after.allowed ? after : { allowed: false, why: `${after.why} (${why})` }];
    }),
  ) as Record<Action, ActionVerdict>;
}

/** The row as it will be once what was accepted is carried out. */
function standingOf({ row }: DecidingState, asked: readonly Action[]): RolloutRow {
  const hasPilot = row.summary?.waves.some(({ wave }) => wave === 0) ?? false;
  const { phase, paused } = standingAfter({ ...row, hasPilot }, asked);
  return { ...row, phase, paused };
}

function verdictsAt(state: DecidingState, row: RolloutRow): Record<Action, ActionVerdict> {
  const { counts } = state;
  const verdicts = allowedActions({
    phase: row.phase,
    paused: row.paused,
    failedUsers: counts.failed ?? 0,
    isThrottled: (state.pace?.notBefore?.getTime() ?? 0) > Date.now(),
    startObstacles: planObstacles(row),
    replanObstacle: replanObstacleOf(row),
    successorObstacle: state.successor ? takenUpSentence(state.successor) : null,
    ...(typeof state.left === 'number' ? { leftUsers: state.left } : {}),
    ...(state.retryable === undefined ? {} : { retryableUsers: state.retryable }),
  });
  const busy = writingElsewhere({ ...state, row });
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
