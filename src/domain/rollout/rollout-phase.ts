/**
 * The life of a rollout as data. Workflow, API and page all ask these tables which move and which
 * action is possible.
 */

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
  'lift-wait',
  'retry-failed',
  'replan',
] as const;
export type Action = (typeof actions)[number];

/** The action behind an update of a workflow, whose wire name has no hyphen. */
export function actionOfUpdate(updateName: string): Action {
  const found = actions.find((action) => camelCase(action) === updateName);
  if (found === undefined) throw new Error(`There is no action for the update ${updateName}`);
  return found;
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Phases in which users may be written; one such rollout per organization (R25). */
export const writingPhases = [
  'piloting',
  'awaiting-promotion',
  'rolling-out',
  'halted',
] as const satisfies readonly Phase[];

/** Of these, the phases in which a write may begin: in the others the rollout waits for a person. */
export const permittingPhases = ['piloting', 'rolling-out'] as const satisfies readonly Phase[];

export const finalPhases = [
  'completed',
  'aborted',
  'failed',
  'expired',
  'discarded',
] as const satisfies readonly Phase[];

/** The next phases of each phase. `resume` returns from `halted` to the phase before it. */
export const transitions: Readonly<Record<Phase, readonly Phase[]>> = {
  planning: ['planned', 'failed', 'discarded'],
  planned: [
    'planning',
    'piloting',
    'rolling-out',
    'verifying',
    'completed',
    'expired',
    'discarded',
    'failed',
  ],
  piloting: ['awaiting-promotion', 'rolling-out', 'verifying', 'halted', 'aborted', 'failed'],
  'awaiting-promotion': ['rolling-out', 'verifying', 'halted', 'aborted', 'failed'],
  'rolling-out': ['awaiting-promotion', 'verifying', 'completed', 'halted', 'aborted', 'failed'],
  verifying: ['completed', 'aborted', 'failed'],
  completed: ['rolling-out'],
  halted: ['piloting', 'awaiting-promotion', 'rolling-out', 'aborted', 'failed'],
  aborted: ['rolling-out'],
  failed: ['rolling-out'],
  expired: [],
  discarded: [],
};

/** Whether a rollout in phase `from` may go to phase `to`. */
export function canMove(from: Phase, to: Phase): boolean {
  return transitions[from].includes(to);
}

/** Whether users may be written in this phase; one such rollout per organization (R25). */
export function isWriting(phase: Phase): boolean {
  return (writingPhases as readonly Phase[]).includes(phase);
}

/** Whether the rollout has ended; `retry-failed` can reopen some of these phases. */
export function isFinal(phase: Phase): boolean {
  return (finalPhases as readonly Phase[]).includes(phase);
}

export interface ActionContext {
  phase: Phase;
  paused: boolean;
  /** Users whom `replan` would take up from a rollout that has ended. */
  leftUsers?: number;
  /** Of a rollout that has ended: which one has taken up what it left, and hasn't ended itself. */
  successorObstacle?: string | null;
  /** Why a rollout of this kind can't be planned again, in whatever phase. */
  replanObstacle?: string | null;
  /** Webex has asked the organization to wait, and the wait isn't over (R98). */
  isThrottled?: boolean;
  /** Users whose outcome is `failed`. */
  failedUsers?: number;
  /** Of these, whom `retry-failed` would write again: no other rollout has taken them up. */
  retryableUsers?: number;
  /** Why this plan can't be started although its phase allows it: guards, an expired plan. */
  startObstacles?: readonly string[];
}

/** An action that is possible now, or one sentence with the reason why it isn't. */
export type ActionVerdict = { allowed: true } | { allowed: false; why: string };

/** For every action, whether it is possible now; a page needs no other rule. */
export function allowedActions(context: ActionContext): Record<Action, ActionVerdict> {
  const verdicts = actions.map((action) => {
    const why = obstacles[action](context);
    const verdict: ActionVerdict = why === null ? { allowed: true } : { allowed: false, why };
    return [action, verdict] as const;
  });
  return Object.fromEntries(verdicts) as Record<Action, ActionVerdict>;
}

/** What a rollout in a phase is doing, for sentences: `this one is waiting at a gate`. */
const phaseWords: Readonly<Record<Phase, string>> = {
  planning: 'being planned',
  planned: 'planned',
  piloting: 'writing its pilot',
  'awaiting-promotion': 'waiting at a gate',
  'rolling-out': 'writing its waves',
  verifying: 'verifying',
  completed: 'completed',
  halted: 'halted',
  aborted: 'aborted',
  failed: 'failed',
  expired: 'expired',
  discarded: 'discarded',
};

/**
 * Phases between two moves of the rollout's own sequence, in which users may be written. While it
 * verifies, a write may be repeated to learn what no read shows (R99).
 */
const pausablePhases: readonly Phase[] = [
  'piloting',
  'awaiting-promotion',
  'rolling-out',
  'verifying',
];

const pauseObstacles: Partial<Record<Phase, string>> = {
  planning: 'The rollout was never started. There is nothing to pause.',
  planned: 'The rollout was never started. There is nothing to pause.',
  halted: 'The rollout is halted and writes no users.',
};

const abortObstacles: Partial<Record<Phase, string>> = {
  planning: 'The rollout was never started. Discard it instead.',
  planned: 'The rollout was never started. Discard it instead.',
};

const replanObstacles: Partial<Record<Phase, string>> = {
  planning: 'The rollout is being planned.',
  piloting: 'The rollout is writing users. Pause it or wait for its gate first.',
  'rolling-out': 'The rollout is writing users. Pause it or wait for its gate first.',
  verifying: 'The rollout is verifying. Wait until it is completed.',
  expired: 'The rollout was never started. Plan a new one.',
  discarded: 'The rollout was never started. Plan a new one.',
};

/** Per action, one sentence with the reason why it isn't possible now; null if it is. */
const obstacles: Readonly<Record<Action, (context: ActionContext) => string | null>> = {
  start: ({ phase, startObstacles }) =>
    onlyWhile(phase, ['planned'], 'started') ?? startObstacles?.[0] ?? null,

  discard: ({ phase }) => onlyWhile(phase, ['planning', 'planned'], 'discarded'),

  promote: ({ phase, paused }) =>
    onlyWhile(phase, ['awaiting-promotion'], 'promoted') ??
    (paused ? 'The rollout is paused. Resume it first.' : null),

  pause({ phase, paused }) {
    if (!pausablePhases.includes(phase)) return pauseObstacles[phase] ?? hasEnded(phase);
    return paused ? 'The rollout is already paused.' : null;
  },

  resume: ({ phase, paused }) =>
    phase === 'halted' || (paused && pausablePhases.includes(phase))
      ? null
      : 'The rollout is neither paused nor halted.',

  abort: ({ phase }) =>
    phase === 'halted' || pausablePhases.includes(phase)
      ? null
      : (abortObstacles[phase] ?? hasEnded(phase)),

  'set-pace': ({ phase }) =>
    isFinal(phase) ? `The rollout is ${phase} and writes no more users.` : null,

  'lift-wait': ({ isThrottled }) =>
    isThrottled === true ? null : 'Webex has not asked the organization to wait.',

  'retry-failed'({ phase, failedUsers, retryableUsers, successorObstacle }) {
    const tooEarly = onlyWhile(phase, ['completed', 'aborted', 'failed'], 'retried');
    if (tooEarly !== null) return tooEarly;
    if (failedUsers === 0) return 'No user failed.';
    if (typeof successorObstacle === 'string') return successorObstacle;
    return retryableUsers === 0 ? 'Another rollout has taken up the users who failed.' : null;
  },

  replan({ phase, paused, leftUsers, replanObstacle, successorObstacle }) {
    if (typeof replanObstacle === 'string') return replanObstacle;
    if (phase === 'planned' || phase === 'awaiting-promotion' || phase === 'halted') return null;
    if (paused && isWriting(phase)) return null;
    const why = replanObstacles[phase];
    if (why !== undefined) return why;
    if (typeof successorObstacle === 'string') return successorObstacle;
    return leftUsers === 0 ? 'No user of the rollout is left to be planned again.' : null;
  },
};

function hasEnded(phase: Phase): string {
  return `The rollout is ${phaseWords[phase]} and has ended.`;
}

function onlyWhile(phase: Phase, allowed: readonly Phase[], done: string): string | null {
  if (allowed.includes(phase)) return null;
  const wanted = allowed.map((one) => phaseWords[one]).join(' or ');
  return `Only a rollout that is ${wanted} can be ${done}; this one is ${phaseWords[phase]}.`;
}
