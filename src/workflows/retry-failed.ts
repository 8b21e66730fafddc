import { allHandlersFinished, condition } from '@temporalio/workflow';
import { handleControls } from './job/controls';
import { reasonOf } from './job/failure-reason';
import { Job, Stopped } from './job/job';
import type { RetryInput } from '../contract/messages';
import { reopenFailed } from './job/activity-calls';
import { verifyWaves } from './verify-waves';
import { writeWave } from './write-wave';

/**
 * Writes the failed users of an ended rollout again, as one more wave, and verifies them. The API has
 * taken the rollout up again as `rolling-out` before it starts this.
 * Id: `<rollout id>/retry/<n>`. Ends as the rollout itself does.
 */
export async function retryFailed(input: RetryInput): Promise<void> {
  const { orgId, rolloutId } = input;
  const job = new Job(orgId, rolloutId, 'rolling-out');
  job.version = input.phaseVersion;
  handleControls(job, { draft: () => undefined });

  try {
    void job.superviseHalts();
    const { wave, schedule, counts, total } = await reopenFailed({ orgId, rolloutId });
    Object.assign(job, { counts, total, wave: wave?.wave ?? null, waves: 1 });
    if (wave) await writeWave(job, wave);
    await job.advance('verifying');
    if (wave) await verifyWaves(job, [wave.wave], schedule);
    await job.advance('completed');
  } catch (error) {
    if (!(error instanceof Stopped)) {
      const reason = reasonOf(error);
      if (reason !== null && !job.ended) {
        await job.exclusively(() => job.end('failed', reason, {}));
      }
      throw error;
    }
  }
  await condition(allHandlersFinished);
}
