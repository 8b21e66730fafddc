/** The life of a rollout as data: everybody who asks what is legal asks these tables. */

export const phases = [
  'planning',
  'planned',
  'piloting',
  'awaiting-promotion',
  'rolling-out',
  'verifying',
  'completed',
  'halted',
  'aborted',
  'failed',
  'expired',
  'discarded',
  'rolling-back',
  'rolled-back',
] as const;
export type Phase = (typeof phases)[number];

export const actions = [
  'start',
  'discard',
  'promote',
  'pause',
  'resume',
  'abort',
  'set-pace',
  'retry-failed',
] as const;
export type Action = (typeof actions)[number];

/** Phases in which users may be written; one such rollout per organization (R25). */
export const writingPhases = [
  'piloting',
  'awaiting-promotion',
  'rolling-out',
  'halted',
  'rolling-back',
] as const satisfies readonly Phase[];

export const finalPhases = [
  'completed',
  'aborted',
  'failed',
  'expired',
  'discarded',
  'rolled-back',
] as const satisfies readonly Phase[];

/** Where each phase may go. `halted` leads back to where it came from, by `resume`. */
export const transitions: Readonly<Record<Phase, readonly Phase[]>> = {
  planning: ['planned', 'failed', 'discarded'],
  planned: ['piloting', 'rolling-out', 'verifying', 'completed', 'expired', 'discarded', 'failed'],
  piloting: [
    'awaiting-promotion',
    'rolling-out',
    'verifying',
    'halted',
    'aborted',
    'failed',
    'rolling-back',
  ],
  'awaiting-promotion': ['rolling-out', 'verifying', 'halted', 'aborted', 'failed', 'rolling-back'],
  'rolling-out': [
    'awaiting-promotion',
    'verifying',
    'completed',
    'halted',
    'aborted',
    'failed',
    'rolling-back',
  ],
  verifying: ['completed', 'failed', 'rolling-back'],
  completed: ['rolling-out', 'rolling-back'],
  halted: [
    'piloting',
    'awaiting-promotion',
    'rolling-out',
    'aborted',
    'failed',
    'rolling-back',
    'rolled-back',
  ],
  aborted: ['rolling-out', 'rolling-back'],
  failed: ['rolling-back'],
  expired: [],
  discarded: [],
  'rolling-back': ['rolled-back', 'halted', 'failed'],
  'rolled-back': [],
};

/** Whether a rollout in phase `from` may go to phase `to`. */
export function canMove(from: Phase, to: Phase): boolean {
  return transitions[from].includes(to);
}

/** Whether users may be written in this phase; one such rollout per organization (R25). */
export function isWriting(phase: Phase): boolean {
  return (writingPhases as readonly Phase[]).includes(phase);
}

/** Whether the rollout has ended; a retry or a rollback can take it up again. */
export function isFinal(phase: Phase): boolean {
  return (finalPhases as readonly Phase[]).includes(phase);
}

export interface ActionContext {
  phase: Phase;
  paused: boolean;
  /** Users whose outcome is `failed`: what `retry-failed` would take up. */
  failedUsers?: number;
  /** Why this plan can't be started although its phase allows it: guards, an expired plan. */
  startObstacles?: readonly string[];
}

/** An action that is possible now, or one sentence that says why it isn't. */
export type ActionVerdict = { allowed: true } | { allowed: false; why: string };

/** For every action, whether it makes sense now; a page needs no rule beside this. */
export function allowedActions(context: ActionContext): Record<Action, ActionVerdict> {
  const verdicts = actions.map((action) => {
    const why = obstacle(action, context);
    const verdict: ActionVerdict = why === null ? { allowed: true } : { allowed: false, why };
    return [action, verdict] as const;
  });
  return Object.fromEntries(verdicts) as Record<Action, ActionVerdict>;
}

function obstacle(action: Action, context: ActionContext): string | null {
  const { phase, paused } = context;
  switch (action) {
    case 'start':
      if (phase !== 'planned') return onlyIn(action, phase, 'planned');
      return context.startObstacles?.[0] ?? null;
    case 'discard':
      if (phase === 'planning' || phase === 'planned') return null;
      return onlyIn(action, phase, 'planning or planned');
    case 'promote':
      if (phase !== 'awaiting-promotion') return onlyIn(action, phase, 'awaiting-promotion');
      return paused ? 'The rollout is paused: resume it first.' : null;
    case 'pause':
      if (!isPausable(phase)) return `Nothing is being written while a rollout is ${phase}.`;
      return paused ? 'The rollout is paused already.' : null;
    case 'resume':
      if (phase === 'halted' || (paused && isPausable(phase))) return null;
      return 'The rollout is neither paused nor halted.';
    case 'abort':
      if (isPausable(phase) || phase === 'halted') return null;
      return abortObstacle(phase);
    case 'set-pace':
      return isFinal(phase) ? `The rollout is ${phase}: it writes nothing any more.` : null;
    case 'retry-failed':
      if (phase !== 'completed' && phase !== 'aborted') {
        return onlyIn(action, phase, 'completed or aborted');
      }
      return context.failedUsers === 0 ? 'No user failed.' : null;
  }
}

function isPausable(phase: Phase): boolean {
  return phase === 'piloting' || phase === 'awaiting-promotion' || phase === 'rolling-out';
}

function abortObstacle(phase: Phase): string {
  if (phase === 'planning' || phase === 'planned') return 'It was never started: discard it.';
  if (phase === 'verifying') return 'Everything is written already: there is nothing to stop.';
  return `The rollout is ${phase}: there is nothing to stop.`;
}

function onlyIn(action: Action, phase: Phase, where: string): string {
  return `${action} needs a rollout that is ${where}; this one is ${phase}.`;
}
