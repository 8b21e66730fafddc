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
