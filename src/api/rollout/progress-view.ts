import type { JobProgress } from '../../contract/messages';
import type { StoredWaits } from '../../db/rollout/progress/wait-text';
import type { RolloutRow } from '../../db/rollout/rollouts';
import { isWriting } from '../../domain/rollout/rollout-phase';
import { timeLeft, timesOf, type Counts } from './rollout-view';

export interface ProgressInput {
  row: RolloutRow;
  /** What the workflow last answered; null if no worker does. */
  live: JobProgress | null;
  counts: Counts;
  writesPerSecond: number;
  waits: StoredWaits;
  /** What the row says that the rollout waits for. */
  waitingFor: string | null;
}
export type ProgressView = ReturnType<typeof progressView>;

/**
 * How far a rollout is. Users are counted in the database: what shards last reported is older, and
 * alternating between two sources would make figures fall. The rest is from the workflow's memory.
 */
export function progressView({ row, live, counts, ...stored }: ProgressInput) {
  // The row is written first: an answer with an older version is out of date.
  const isCurrent = live !== null && live.phaseVersion >= row.phaseVersion;
  const state = isCurrent
    ? liveState(live, row, stored.waitingFor)
    : storedState(row, stored.waitingFor);
  const { phase, wave, phaseVersion, paused, waitingFor, deadlineAt, source } = state;
  const times = { ...timesOf(stored.waits), writesPerSecond: stored.writesPerSecond };
  const isTimed = phase === 'planned' || isWriting(phase);
  return {
    rolloutId: row.rolloutId,
    phase,
    phaseVersion,
    paused,
    wave,
    waves: row.summary?.waves.length ?? 0,
    waitingFor,
    counts,
    total: Object.values(counts).reduce((sum, users) => sum + users, 0),
    secondsLeft: isTimed ? timeLeft({ ...row, phase, wave }, counts, times) : null,
    deadlineAt: deadlineAt?.toISOString() ?? null,
    verifyingUntil: row.verifyingUntil?.toISOString() ?? null,
    source,
  };
}

function storedState(row: RolloutRow, waitingFor: string | null) {
  const { phase, phaseVersion, paused, wave, deadlineAt } = row;
  return { phase, phaseVersion, paused, wave, waitingFor, deadlineAt, source: 'database' as const };
}

function liveState(live: JobProgress, row: RolloutRow, waitingFor: string | null) {
  const { phase, phaseVersion, paused } = live;
  return {
    phase,
    phaseVersion,
    paused,
    wave: live.wave ?? row.wave,
    // Only the database knows of waits outside the workflow, but the row may be older.
    waitingFor: phaseVersion > row.phaseVersion ? live.waitingFor : waitingFor,
    deadlineAt: live.deadlineAt === null ? row.deadlineAt : new Date(live.deadlineAt),
    source: 'workflow' as const,
  };
}
