import { allHandlersFinished, condition, patched } from '@temporalio/workflow';
import type { Activities } from '../contract/activities';
import type { RetryInput } from '../contract/workflows';
import { reopenFailed } from './job/activity-calls';
import { handleControls } from './job/controls';
import { reasonOf } from './job/failure-reason';
import { EndedEarlyError, Job } from './job/job';
import { verifyWaves } from './verify-waves';
import { writeWave } from './write-wave';

/**
 * Writes the failed users of an ended rollout again, as one more wave, and verifies them and everybody
 * whom no read has shown yet. The API has
 * reopened the rollout as `rolling-out` before it starts this workflow.
 * Id: `<rollout id>/retry/<n>`. Ends in a final phase of the rollout, as the rollout itself does.
 * It doesn't continue as new, which would end its children; its history stays short.
 */
export async function retryFailed(input: RetryInput): Promise<void> {
  const { orgId, rolloutId, phaseVersion } = input;
  const job = new Job({ orgId, rolloutId }, 'rolling-out', phaseVersion);
  // The rollout itself has decided what becomes of the template's draft.
  handleControls(job);

  try {
    void job.superviseHalts();
    const reopened = await reopenFailed(job.ref);
    const { wave, schedule, counts, total } = reopened;
    job.begin(wave ? [wave] : [], { counts, total, wave: wave?.wave ?? null, details: '' });
    if (wave) await writeWave(job, wave);
    await job.advance('verifying');
    const waves = wavesToVerify(reopened);
    if (waves.length > 0) await verifyWaves(job, waves, schedule);
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

/** The retry's own wave comes last: the verification is named after it. */
function wavesToVerify({
  wave,
  unseenWaves = [],
}: Awaited<ReturnType<Activities['reopenFailed']>>): number[] {
  const own = wave ? [wave.wave] : [];
  // Under 0.1.0 a retry verified nobody but its own users.
  const others = patched('retries-verify-everybody') ? unseenWaves : [];
  return [...others.filter((other) => !own.includes(other)), ...own];
}
