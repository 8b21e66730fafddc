import {
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../contract/activities';
import type { VerificationSchedule } from '../domain/model/settings';
import { nextSweepDelayMs } from '../domain/write/convergence';
import { controlSignal } from '../contract/messages';
import { giveUp, sweep } from './job/activity-calls';

export interface VerifyInput {
  orgId: string;
  rolloutId: string;
  writeQueue: string;
  waves: number[];
  schedule: VerificationSchedule;
  /** Epoch milliseconds. */
  deadlineAtMs: number;
  /** Sweeps made by earlier runs of this workflow. */
  sweepsDone: number;
}

export interface VerifyResult {
  unconverged: number;
  sweeps: number;
}

/** Repeated writes in flight at once. */
const windowSize = 20;

/**
 * Sweeps the written users of some waves until all are seen as expected, or the deadline has passed
 * (R80: up to 24 h). Id: `<rollout id>/verify/<wave>`.
 */
export async function verifyPropagation(input: VerifyInput): Promise<VerifyResult> {
  const { orgId, rolloutId, waves, schedule, deadlineAtMs } = input;
  let sweepsDone = input.sweepsDone;
  let stopped = false;

  const confirm = proxyActivities<Activities>({
    taskQueue: input.writeQueue,
    startToCloseTimeout: '10s',
    retry: { initialInterval: '1s', maximumInterval: '30s' },
    priority: { priorityKey: 4 },
  });

  setHandler(controlSignal, (order) => {
    stopped ||= order === 'stop';
  });

  for (;;) {
    const delayMs = Math.min(
      nextSweepDelayMs(schedule, sweepsDone),
      Math.max(0, deadlineAtMs - Date.now()),
    );
    await condition(() => stopped, Math.max(1, delayMs));
    if (isStopped()) return { unconverged: 0, sweeps: sweepsDone };
    const seen = await sweep({ orgId, rolloutId, waves });
    sweepsDone += 1;
    await repeatWrites(seen.repeat);
    setCurrentDetails(
      `Look ${sweepsDone}: ${seen.unconverged} still to be seen. Gives up at ${new Date(deadlineAtMs).toISOString()}.`,
    );
    if (seen.unconverged === 0) return { unconverged: 0, sweeps: sweepsDone };
    if (Date.now() >= deadlineAtMs) {
      const { unconverged } = await giveUp({ orgId, rolloutId, waves });
      return { unconverged, sweeps: sweepsDone };
    }
    if (workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof verifyPropagation>({ ...input, sweepsDone });
    }
  }

  function isStopped(): boolean {
    return stopped;
  }

  /** Attendee accounts that no read shows: the answer of one repeated write tells. */
  async function repeatWrites(seqs: number[]): Promise<void> {
    for (let at = 0; at < seqs.length && !isStopped(); at += windowSize) {
      await Promise.all(
        seqs
          .slice(at, at + windowSize)
          .map((seq) => confirm.repeatWrite({ orgId, rolloutId, seq })),
      );
    }
  }
}
