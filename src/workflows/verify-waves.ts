import { startChild, workflowInfo } from '@temporalio/workflow';
import { at } from '../domain/model/at';
import type { VerificationSchedule } from '../domain/model/settings';
import { verificationDeadlineMs } from '../domain/write/convergence';
import type { Job } from './job/job';
import { verifyPropagation } from './verify-propagation';
import { writeQueue } from './write-wave';

/** Verifies some waves until Webex shows every change, or the deadline has passed (R80). */
export async function verifyWaves(
  job: Job,
  waves: number[],
  schedule: VerificationSchedule,
): Promise<void> {
  const deadlineAtMs = verificationDeadlineMs(schedule, Date.now());
  await job.announceWaiting('Webex to show every change', deadlineAtMs);
  const child = await startChild(verifyPropagation, {
    workflowId: `${workflowInfo().workflowId}/verify/${at(waves, waves.length - 1, 'wave')}`,
    staticSummary: `waves ${waves.join(', ')}, until ${new Date(deadlineAtMs).toISOString()}`,
    args: [
      {
        ...job.ref,
        writeQueue: writeQueue(),
        waves,
        schedule,
        deadlineAtMs,
        sweepsDone: 0,
        waitsFor: job.toldWaits,
      },
    ],
  });
  await job.steer(child);
  if (job.ended) return;
  await job.announceWaiting(null);
}
