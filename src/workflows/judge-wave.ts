import { condition, patched } from '@temporalio/workflow';
import type { StoredPlan } from '../contract/activities';
import type { PlanWave } from '../domain/plan/plan-summary';
import { gateObjectionOfCounts } from '../domain/rollout/gate';
import { judgeGate } from './job/activity-calls';
import type { Job } from './job/job';

/** The time between the last write of a wave and its gate. */
export async function soak(job: Job, { soakSeconds }: PlanWave): Promise<void> {
  const soakMs = soakSeconds * 1_000;
  // A wave without a soak time has nothing to say, and rollouts of 0.1.0 didn't say it.
  if (soakMs > 0 && patched('soaks-are-said')) await job.announceSoak(Date.now() + soakMs);
  await condition(() => job.ended, Math.max(1, soakMs));
}

/** Why a person must decide at the gate after a wave; null: nothing speaks against the next one. */
export async function objectionAt(
  job: Job,
  plan: StoredPlan,
  { wave }: PlanWave,
): Promise<string | null> {
  // A rollout that passed its gate under 0.1.0 has judged by its own figures.
  if (!patched('gates-need-evidence')) {
    return gateObjectionOfCounts(job.state.counts, plan.failurePercent);
  }
  return (await judgeGate({ ...job.ref, wave })).objection;
}
