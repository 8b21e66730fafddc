import type { JobProgress } from '../../contract/messages';
import type { RolloutRow } from '../../db/rollout/rollouts';
import { isWriting } from '../../domain/rollout/rollout-phase';
import { timeLeft, type Counts } from './rollout-view';

export interface ProgressInput {
  row: RolloutRow;
  /** What the workflow last answered; null if no worker does. */
  live: JobProgress | null;
  counts: Counts;
  writesPerSecond: number;
}
export type ProgressView = ReturnType<typeof progressView>;

/**
 * How far a rollout is. Users are counted in the database: what shards last reported is older, and
 * alternating between two sources would make figures fall. The rest is from the workflow's memory.
 */
export function progressView({ row, live, counts, writesPerSecond }: ProgressInput) {
  // The row is written first: an answer with an older version is out of date.
  const isCurrent = live !== null && live.phaseVersion >= row.phaseVersion;
  const state = isCurrent ? liveState(live, row) : storedState(row);
  const { phase, wave, phaseVersion, paused, waitingFor, deadlineAt, source } = state;
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
    secondsLeft: isTimed ? timeLeft({ ...row, phase, wave }, counts, writesPerSecond) : null,
    deadlineAt: deadlineAt?.toISOString() ?? null,
    source,
  };
}

function storedState({ phase, phaseVersion, paused, wave, waitingFor, deadlineAt }: RolloutRow) {
  return { phase, phaseVersion, paused, wave, waitingFor, deadlineAt, source: 'database' as const };
}

function liveState(live: JobProgress, row: RolloutRow) {
  const { phase, phaseVersion, paused, waitingFor } = live;
  return {
    phase,
    phaseVersion,
    paused,
    wave: live.wave ?? row.wave,
    waitingFor,
    deadlineAt: live.deadlineAt === null ? row.deadlineAt : new Date(live.deadlineAt),
    source: 'workflow' as const,
  };
}
