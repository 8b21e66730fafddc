/**
 * What a running rollout (or retry) remembers, and how each event changes it. The workflow records a
 * move in the database first and applies it here afterwards.
 */
import type { OutcomeCounts } from '../model/outcome';
import { isFinal, type Phase } from './rollout-phase';
import { waitingFor } from './waiting-for';

export interface JobState {
  phase: Phase;
  /** `phase_version` of the rollout's row after the last recorded move. */
  version: number;
  paused: boolean;
  /** While paused: who asked for it, and why. */
  pausedBy: string | null;
  pauseReason: string | null;
  /** Why the last move was made; empty if nobody said. */
  reason: string;
  /** Waves of the plan, and the one that is being written or judged; null before the first. */
  waves: number;
  wave: number | null;
  /** Users of the plan, and users by outcome as last recorded or reported. */
  total: number;
  counts: OutcomeCounts;
  /** What the sequence has noted that it waits for, one line. */
  waitingFor: string | null;
  /** Why this plan can never be started: it is a preview. */
  neverStarts: string | null;
  /** Epoch milliseconds until which the wave soaks; null: it doesn't. */
  soaksUntilMs: number | null;
  /** Epoch milliseconds after which unconverged users are no longer checked. */
  deadlineAtMs: number | null;
  /** Why a guard wants the rollout halted; null again once the workflow has acted on it. */
  haltReason: string | null;
  /** While halted: the phase that `resume` leads back to. */
  haltedFrom: Phase | null;
  /** Markdown: what was planned, and for whom. */
  details: string;
  /** Actions of people that the workflow has taken. */
  actions: number;
}

/** What the children of a job may do now: begin new activities, hold them back, or end. */
export type JobControl = 'run' | 'hold' | 'stop';

/** From a shard: counters since its last report, and whether a guard tripped. */
export interface ShardReport {
  counts: OutcomeCounts;
  halted: { reason: string } | null;
}

/** The result of a shard: counters since its last report. */
export type ShardResult = Pick<ShardReport, 'counts'>;

/** A recorded change of phase. A field that is left out keeps its value; `waitingFor` is cleared. */
export interface AppliedMove {
  to: Phase;
  counts: OutcomeCounts;
  waitingFor?: string | null;
  reason?: string;
  wave?: number | null;
  deadlineAtMs?: number | null;
}

export function newJobState(phase: Phase, version: number): JobState {
  return {
    phase,
    version,
    paused: false,
    pausedBy: null,
    pauseReason: null,
    reason: '',
    waves: 0,
    wave: null,
    total: 0,
    counts: {},
    waitingFor: null,
    neverStarts: null,
    soaksUntilMs: null,
    deadlineAtMs: null,
    haltReason: null,
    haltedFrom: null,
    details: '',
    actions: 0,
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
  const { to, counts, waitingFor = null, reason = '', wave, deadlineAtMs } = move;
  const isResumed = state.phase === 'halted' && !isFinal(to);
  return {
    ...state,
    phase: to,
    version: state.version + 1,
    counts,
    waitingFor,
    reason,
    soaksUntilMs: null,
    haltedFrom: to === 'halted' ? state.phase : null,
    ...(wave === undefined ? {} : { wave }),
    ...(deadlineAtMs === undefined ? {} : { deadlineAtMs }),
    ...(isResumed ? { paused: false, haltReason: null } : {}),
  };
}

/** A recorded pause, or the end of one. */
export function applyPause(
  state: JobState,
  paused: boolean,
  by: { name: string; reason: string } | null = null,
): JobState {
  const version = state.version + 1;
  return {
    ...state,
    paused,
    version,
    pausedBy: by?.name ?? null,
    pauseReason: by === null || by.reason === '' ? null : by.reason,
  };
}

/** One line for people: what the rollout waits for, as far as its workflow knows. */
export function waitOf(state: JobState): string | null {
  const { phase, wave, paused, pausedBy: by, pauseReason, deadlineAtMs, soaksUntilMs } = state;
  // The deadline of the last verification stays: it counts only while there is one.
  const isSweeping = phase === 'verifying' || state.waitingFor !== null;
  return waitingFor({
    phase,
    wave,
    paused: paused ? { by, reason: pauseReason } : null,
    hold: state.haltReason,
    phaseReason: state.reason,
    soaksUntil: isoText(soaksUntilMs),
    deadlineAt: isSweeping ? isoText(deadlineAtMs) : null,
    neverStarts: state.neverStarts,
    planTrouble: troubleIn(state.waitingFor),
  });
}

/** What the sequence has noted behind the decisions that it waits for. */
export function troubleIn(noted: string | null): string | null {
  const at = noted?.indexOf(': ') ?? -1;
  return noted !== null && at >= 0 ? noted.slice(at + 2) : null;
}

function isoText(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
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
