import { kindOf } from '../../../domain/kinds/kind-of';
import { troubleIn } from '../../../domain/rollout/job-state';
import { waitingFor, type WaitFacts } from '../../../domain/rollout/waiting-for';
import type { RolloutRow } from '../rollouts';

/** What of a rollout's waits isn't on its own row, and how long they take by the database's clock. */
export interface StoredWaits extends Pick<
  WaitFacts,
  | 'retrying'
  | 'busy'
  | 'throttled'
  | 'refused'
  | 'accepted'
  | 'withoutUnit'
  | 'owed'
  | 'lastWrites'
  | 'predecessor'
  | 'noWorker'
> {
  throttledSeconds: number;
  /** Null: it doesn't soak. */
  soakSeconds: number | null;
}

/** Nothing keeps the rollout waiting but what its own row says. */
export const noWaits: StoredWaits = { throttledSeconds: 0, soakSeconds: null };

/** What a rollout waits for, in one line for people. */
export function waitText(
  row: RolloutRow,
  stored: StoredWaits,
  startObstacle: string | null,
): string | null {
  const { paused, pausedBy, pauseReason, waitingFor: noted } = row;
  return waitingFor({
    ...stored,
    phase: row.phase,
    wave: row.wave,
    paused: paused ? { by: pausedBy, reason: pauseReason } : null,
    brakeAt: isoOrNull(row.brakeAt),
    hold: row.hold,
    phaseReason: row.phaseReason,
    workTrouble: row.workTrouble,
    readTrouble: row.readTrouble,
    planStale: row.planStale,
    soaksUntil: isoOrNull(row.soaksUntil),
    deadlineAt: isoOrNull(isSweeping(row) ? row.deadlineAt : null),
    verifyingUntil: isoOrNull(row.verifyingUntil),
    neverStarts: kindOf(row.request.change).neverStarts,
    isAutomatic: row.automatic,
    startObstacle,
    planTrouble: troubleIn(noted),
    unstarted: troubleIn(noted),
  });
}

/** The workflow notes it before the checks of some waves, and clears it after them. */
function isSweeping({ phase, waitingFor: noted }: RolloutRow): boolean {
  return phase === 'verifying' || noted !== null;
}

function isoOrNull(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
