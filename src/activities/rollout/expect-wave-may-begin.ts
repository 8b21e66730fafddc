import { ApplicationFailure } from '@temporalio/common';
import type { PhaseMove, RolloutRef } from '../../contract/activities';
import type { FailureType } from '../../contract/failure';
import { recordPlanStale } from '../../db/rollout/record-flags';
import { findRollout } from '../../db/rollout/rollouts';
import { expectFresh } from '../plan/check-plan';
import type { ActivityDeps } from '../activity/deps';
import { withHeartbeats } from '../activity/heartbeats';

/** A gate that opens, or a halted rollout that goes on: writes begin after it. */
export function opensWave({ from, to, wave }: PhaseMove): boolean {
  if (from === 'halted') return to === 'piloting' || to === 'rolling-out';
  return to === 'rolling-out' && typeof wave === 'number';
}

/**
 * R101: throws `PlanStale` where the plan has aged too much. A move that was recorded before, and whose
 * answer was lost, is not judged again.
 */
export async function expectWaveMayBegin(
  deps: Pick<ActivityDeps, 'db'>,
  { orgId, rolloutId, version }: RolloutRef & { version: number },
): Promise<void> {
  const row = await findRollout(deps.db, orgId, rolloutId);
  if (row && row.phaseVersion >= version) return;
  let pages = 0;
  try {
    await withHeartbeats(({ onPage }) =>
      expectFresh(deps, { orgId, rolloutId }, () => onPage?.((pages += 1))),
    );
  } catch (error) {
    // It stays visible where the rollout waits on.
    if (isStale(error)) await recordPlanStale(deps.db, rolloutId, error.message);
    throw error;
  }
  await recordPlanStale(deps.db, rolloutId, null);
}

function isStale(error: unknown): error is ApplicationFailure {
  return error instanceof ApplicationFailure && error.type === ('PlanStale' satisfies FailureType);
}
