import type { StoredWaits } from '../../db/rollout/wait-facts';
import type { RolloutRow } from '../../db/rollout/rollouts';
import { kindOf } from '../../domain/kinds/kind-of';
import { troubleIn } from '../../domain/rollout/job-state';
import { waitingFor } from '../../domain/rollout/waiting-for';

/** What a rollout waits for, in one line for people. */
export function waitView(
  row: RolloutRow,
  stored: StoredWaits,
  { startObstacle }: { startObstacle: string | null },
): string | null {
  const { paused, pausedBy, pauseReason } = row;
  return waitingFor({
    ...stored,
    phase: row.phase,
    wave: row.wave,
    paused: paused ? { by: pausedBy, reason: pauseReason } : null,
    brakeAt: isoOrNull(row.brakeAt),
    hold: row.hold,
    phaseReason: row.phaseReason,
    readTrouble: row.readTrouble,
    soaksUntil: isoOrNull(row.soaksUntil),
    deadlineAt: isoOrNull(isSweeping(row) ? row.deadlineAt : null),
    verifyingUntil: isoOrNull(row.verifyingUntil),
    neverStarts: kindOf(row.request.change).neverStarts,
    startObstacle,
    planTrouble: troubleIn(row.waitingFor),
  });
}

/** The workflow notes it before the checks of some waves, and clears it after them. */
function isSweeping({ phase, waitingFor: noted }: RolloutRow): boolean {
  return phase === 'verifying' || noted !== null;
}

function isoOrNull(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
