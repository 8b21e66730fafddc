import { allHandlersFinished, condition } from '@temporalio/workflow';
import type { RetryInput } from '../contract/workflows';
import { reopenFailed } from './job/activity-calls';
import { handleControls } from './job/controls';
import { reasonOf } from './job/failure-reason';
import { EndedEarlyError, Job } from './job/job';
import { verifyWaves } from './verify-waves';
import { writeWave } from './write-wave';

/**
 * Writes the failed users of an ended rollout again, as one more wave, and verifies them. The API has
 * reopened the rollout as `rolling-out` before it starts this workflow.
 * Id: `<rollout id>/retry/<n>`. Ends in a final phase of the rollout, as the rollout itself does.
 * It doesn't continue as new, which would end its children; its history stays short.
 */
export async function retryFailed(input: RetryInput): Promise<void> {
  const { orgId, rolloutId, phaseVersion } = input;
  const job = new Job({ orgId, rolloutId }, 'rolling-out', phaseVersion);
  // The rollout itself has decided what becomes of the template's draft.
  handleControls(job, () => ({}));

  try {
    void job.superviseHalts();
    const { wave, schedule, counts, total } = await reopenFailed(job.ref);
    job.begin({ counts, total, wave: wave?.wave ?? null, waves: 1, details: '' });
    if (wave) await writeWave(job, wave);
    await job.advance('verifying');
    if (wave) await verifyWaves(job, [wave.wave], schedule);
    await job.advance('completed');
  } catch (error) {
    if (!(error instanceof EndedEarlyError)) {
      const reason = reasonOf(error);
      if (reason !== null && !job.ended) {
        await job.withMoveLock((locked) => locked.end('failed', { reason }));
      }
      throw error;
    }
  }
  await condition(allHandlersFinished);
}
