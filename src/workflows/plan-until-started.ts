import { CancellationScope, condition } from '@temporalio/workflow';
import type { StoredPlan } from '../contract/activities';
import type { StartInput } from '../contract/messages';
import { systemActor } from '../domain/model/actor';
import { beginRollout, observe, planRollout } from './job/activity-calls';
import { reasonOf } from './job/failure-reason';
import { EndedEarlyError, type Job } from './job/job';
import type { LockedJob } from './job/locked-job';
import type { Run } from './job/run';
import { secondRead } from './job/second-read';
import { stalenessIn } from './job/unwrapped';

/** Plans, and returns the plan that was started: the last one, where it was planned again (R102). */
export async function planUntilStarted(run: Run): Promise<StoredPlan> {
  const { automatic } = run.input;
  let plan = await observeAndPlan(run);
  for (let trouble = ''; ;) {
    run.plan = plan;
    if (automatic) await startAutomatically(run, plan);
    else await waitForDecision(run, plan, trouble);
    if (run.job.phase !== 'planning') return plan;
    ({ plan, trouble } = await planAgain(run, plan));
  }
}

/** The plan before stays as it is where another can't be made. */
async function planAgain(
  run: Run,
  before: StoredPlan,
): Promise<{ plan: StoredPlan; trouble: string }> {
  try {
    return { plan: await observeAndPlan(run), trouble: '' };
  } catch (error) {
    const why = reasonOf(error);
    if (why === null) throw error;
    return { plan: before, trouble: `planning again failed (${why}), and the plan before stands` };
  }
}

async function observeAndPlan({ input, job, requestId }: Run): Promise<StoredPlan> {
  const work = new CancellationScope();
  const planning = work.run(async () => {
    // The watch has just read what its reactions are about.
    if (!input.automatic) {
      const { confirm } = await observe(job.ref);
      await secondRead(job.ref.orgId, confirm);
    }
    return await planRollout(requestId === null ? job.ref : { ...job.ref, requestId });
  });
  const stored = await Promise.race([planning, condition(() => job.ended)]);
  if (stored) return stored;
  work.cancel();
  await planning.catch(() => undefined);
  throw new EndedEarlyError();
}

/** Claims the organization and moves to the first phase that writes. */
export async function begin(
  run: Run,
  locked: LockedJob,
  { actor, reason, digest }: Omit<StartInput, 'expectedPhaseVersion'>,
): Promise<void> {
  const first = run.plan?.waves[0];
  const governs = run.plan?.governsFromStart === true;
  await locked.move(
    first === undefined ? 'verifying' : first.wave === 0 ? 'piloting' : 'rolling-out',
    { actor, reason, wave: first?.wave ?? null, ...(governs ? { draft: 'governs' } : {}) },
    (move) => beginRollout({ ...move, digest }),
  );
  if (governs) run.isDraftUntried = false;
}

/** A reaction of the watch starts without anybody's decision. */
async function startAutomatically(run: Run, plan: StoredPlan): Promise<void> {
  const { job } = run;
  takePlan(job, plan);
  await job.advance('planned');
  await job.withMoveLock(async (locked) => {
    if (job.phase !== 'planned') return;
    const { digest } = plan;
    try {
      await begin(run, locked, { actor: systemActor, reason: 'found by the watch', digest });
    } catch (error) {
      const reason = stalenessIn(error);
      if (reason === undefined) throw error;
      // The watch takes up users of an expired plan again, and then they are decided as of then.
      await locked.move('expired', { reason });
    }
  });
  await job.untilRunnable();
}

/** Until somebody starts the plan, or asks for another one; why the last one couldn't be made, if so. */
async function waitForDecision({ job }: Run, plan: StoredPlan, trouble: string): Promise<void> {
  takePlan(job, plan);
  const decisions = plan.neverStarts ? 'discard' : 'start, replan or discard';
  await job.advance('planned', {
    waitingFor: trouble === '' ? decisions : `${decisions}: ${trouble}`,
  });
  const decided = await condition(() => job.phase !== 'planned', plan.expiresInMs);
  if (!decided) {
    await job.withMoveLock(async (locked) => {
      if (job.phase !== 'planned') return;
      await locked.move('expired', { reason: 'nobody started it in time', draft: 'dropped' });
    });
  }
  await job.untilRunnable();
}

function takePlan(job: Job, { total, waves, details, neverStarts }: StoredPlan): void {
  const preview = neverStarts ? 'a preview is only read' : null;
  job.begin(waves, { total, details, neverStarts: preview });
}
