/**
 * What a running rollout (or retry) remembers, and how each event changes it. The workflow records a
 * move in the database first and applies it here afterwards.
 */
import type { OutcomeCounts } from '../model/outcome';
import { isFinal, type Phase } from './rollout-phase';

export interface JobState {
  phase: Phase;
  /** `phase_version` of the rollout's row after the last recorded move. */
  version: number;
  paused: boolean;
  /** Waves of the plan, and the one that is being written or judged; null before the first. */
  waves: number;
  wave: number | null;
  /** Users of the plan, and users by outcome as last recorded or reported. */
  total: number;
  counts: OutcomeCounts;
  /** One line for people: what the rollout waits for. */
  waitingFor: string | null;
  /** Epoch milliseconds after which unconverged users are no longer checked. */
  deadlineAtMs: number | null;
  /** Why a guard wants the rollout halted; null again once the workflow has acted on it. */
  haltReason: string | null;
  /** While halted: the phase that `resume` leads back to. */
  haltedFrom: Phase | null;
  /** Markdown: what was planned, and for whom. */
  details: string;
}

/** What the children of a job may do now: begin new activities, hold them back, or end. */
export type JobControl = 'run' | 'hold' | 'stop';

/** From a shard: counters since its last report, and whether a guard tripped. */
export interface ShardReport {
  counts: OutcomeCounts;
  halted: { reason: string } | null;
}

/** A recorded change of phase. A field that is left out keeps its value; `waitingFor` is cleared. */
export interface AppliedMove {
  to: Phase;
  counts: OutcomeCounts;
  waitingFor?: string | null;
  wave?: number | null;
  deadlineAtMs?: number | null;
}

export function newJobState(phase: Phase, version: number): JobState {
  return {
    phase,
    version,
    paused: false,
    waves: 0,
    wave: null,
    total: 0,
    counts: {},
    waitingFor: null,
    deadlineAtMs: null,
    haltReason: null,
    haltedFrom: null,
    details: '',
  };
}

/**
 *   state                                    control
 *   in a final phase                         stop
 *   halted, or about to be halted            hold
 *   paused, but verifying                    run: only writes are paused, and permits see to that
 *   paused                                   hold
 *   else                                     run
 */
export function controlOf(state: JobState): JobControl {
  if (isFinal(state.phase)) return 'stop';
  const isPaused = state.paused && state.phase !== 'verifying';
  const isHeld = isPaused || state.phase === 'halted' || state.haltReason !== null;
  return isHeld ? 'hold' : 'run';
}

/**
 * A halt remembers where it came from. Resuming from a halt also lifts the pause, and drops a halt
 * reason that shards reported meanwhile: they are still held, so it is about the time before.
 */
export function applyMove(state: JobState, move: AppliedMove): JobState {
  const { to, counts, waitingFor = null, wave, deadlineAtMs } = move;
  const isResumed = state.phase === 'halted' && !isFinal(to);
  return {
    ...state,
    phase: to,
    version: state.version + 1,
    counts,
    waitingFor,
    haltedFrom: to === 'halted' ? state.phase : null,
    ...(wave === undefined ? {} : { wave }),
    ...(deadlineAtMs === undefined ? {} : { deadlineAtMs }),
    ...(isResumed ? { paused: false, haltReason: null } : {}),
  };
}

/** A recorded pause, or the end of one. */
export function applyPause(state: JobState, paused: boolean): JobState {
  return { ...state, paused, version: state.version + 1 };
}

/** Users with a new outcome are no longer planned. The first reason to halt is kept. */
export function addReport(state: JobState, report: ShardReport): JobState {
  const counts = { ...state.counts };
  for (const [outcome, users] of Object.entries(report.counts) as [keyof OutcomeCounts, number][]) {
    counts[outcome] = (counts[outcome] ?? 0) + users;
    counts.planned = Math.max(0, (counts.planned ?? 0) - users);
  }
  return { ...state, counts, haltReason: state.haltReason ?? report.halted?.reason ?? null };
}
