import {
  ApplicationFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  isCancellation,
  patched,
  setHandler,
} from '@temporalio/workflow';
import type { StoredPlan } from '../contract/activities';
import { discardUpdate, promoteUpdate, startUpdate, type StartInput } from '../contract/messages';
import type { RolloutInput } from '../contract/workflows';
import { systemActor } from '../domain/model/actor';
import type { PlanWave } from '../domain/plan/plan-summary';
import { gateObjectionOfCounts } from '../domain/rollout/gate';
import { canMove } from '../domain/rollout/rollout-phase';
import { beginRollout, judgeGate, observe, planRollout } from './job/activity-calls';
import { actionHandler, handleControls } from './job/controls';
import { reasonOf } from './job/failure-reason';
import { EndedEarlyError, Job } from './job/job';
import type { LockedJob, MoveDetails } from './job/locked-job';
import { stalenessIn } from './job/unwrapped';
import { verifyWaves } from './verify-waves';
import { writeWave } from './write-wave';

/** New users go before the pilots (2) and waves (3) of other rollouts. */
const automaticPriority = 1;

/** What the sequence of a rollout and its updates share. */
interface Run {
  input: RolloutInput;
  job: Job;
  plan: StoredPlan | null;
  /** The template's draft, if the rollout has one, becomes valid once the pilot is promoted (R16a). */
  isDraftUntried: boolean;
}

/**
 * Carries one change from plan to proof: observe, plan, wait for `start`, pilot, gate, waves, verify.
 * Id: `rollout/<orgUuid>/<rolloutId>`. Ends when all users are verified or the deadline has passed, or
 * when somebody discards or aborts it. It doesn't continue as new, which would end its children; the
 * shards do instead, so that its history stays short.
 */
export async function rollout(input: RolloutInput): Promise<void> {
  const { orgId, rolloutId, automatic } = input;
  const job = new Job({ orgId, rolloutId }, 'planning');
  const run: Run = { input, job, plan: null, isDraftUntried: true };
  handleControls(job, () => droppedDraft(run));
  handleDecisions(run);

  try {
    void job.superviseHalts();
    const plan = await observeAndPlan(run);
    run.plan = plan;
    await (automatic ? startAutomatically(run, plan) : waitForStart(run, plan));
    for (const wave of plan.waves) {
      await writeWave(job, wave, automatic ? automaticPriority : undefined);
      if (wave.wave === 0) await verifyWaves(job, [0], plan.schedule);
      await passGate(run, plan, wave);
    }
    await verifyRest(job, plan);
    await job.advance('completed');
  } catch (error) {
    await endEarly(run, error);
  }
  await condition(allHandlersFinished);
}

/** The decisions of people that only a rollout knows: start, discard, promote. */
function handleDecisions(run: Run): void {
  const { job } = run;
  setHandler(
    startUpdate,
    ...actionHandler(job, 'start', (start: StartInput, locked) => begin(run, locked, start)),
  );

  setHandler(
    discardUpdate,
    ...actionHandler(job, 'discard', ({ actor, reason }, locked) =>
      locked.move('discarded', { actor, reason, draft: 'dropped' }),
    ),
  );

  setHandler(
    promoteUpdate,
    ...actionHandler(job, 'promote', async ({ actor, reason }, locked) => {
      await locked.move(...afterGate(waveAfter(run.plan, job.state.wave), { actor, reason }));
      run.isDraftUntried = false;
    }),
  );
}

async function observeAndPlan({ input, job }: Run): Promise<StoredPlan> {
  const work = new CancellationScope();
  const planning = work.run(async () => {
    // The watch has just read what its reactions are about.
    if (!input.automatic) await observe(job.ref);
    return await planRollout(job.ref);
  });
  const stored = await Promise.race([planning, condition(() => job.ended)]);
  if (stored) return stored;
  work.cancel();
  await planning.catch(() => undefined);
  throw new EndedEarlyError();
}

/** Claims the organization and moves to the first phase that writes. */
async function begin(
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

async function waitForStart({ job }: Run, plan: StoredPlan): Promise<void> {
  takePlan(job, plan);
  await job.advance('planned', { waitingFor: plan.neverStarts ? 'discard' : 'start or discard' });
  const decided = await condition(() => job.phase !== 'planned', plan.expiresInMs);
  if (!decided) {
    await job.withMoveLock(async (locked) => {
      if (job.phase !== 'planned') return;
      await locked.move('expired', { reason: 'nobody started it in time', draft: 'dropped' });
    });
  }
  await job.untilRunnable();
}

function takePlan(job: Job, { total, waves, details }: StoredPlan): void {
  job.begin({ total, waves: waves.length, details });
}

/** The decision between two waves: a person's, or that of the figures where gates are automatic. */
async function passGate(run: Run, plan: StoredPlan, wave: PlanWave): Promise<void> {
  const { job } = run;
  const next = waveAfter(plan, wave.wave);
  if (!next && wave.wave !== 0) return;
  await condition(() => job.ended, Math.max(1, wave.soakSeconds * 1_000));
  await job.untilRunnable();
  const objection = await openAutomatically(run, plan, { wave, next });
  if (objection === null) return;
  await job.advance('awaiting-promotion', {
    reason: objection,
    waitingFor: objection === '' ? 'promote or abort' : `promote or abort: ${objection}`,
  });
  await condition(() => job.phase !== 'awaiting-promotion' && job.phase !== 'halted');
  await job.untilRunnable();
}

/** Opens the gate if the figures allow it and the plan is still right (R101); else says why not. */
async function openAutomatically(
  run: Run,
  plan: StoredPlan,
  { wave, next }: { wave: PlanWave; next: PlanWave | undefined },
): Promise<string | null> {
  const { job } = run;
  if (plan.gates === 'manual') return '';
  const objection = await objectionAt(job, plan, wave);
  if (objection !== null) return objection;
  const { isDraftUntried } = run;
  run.isDraftUntried = false;
  try {
    await job.advance(...afterGate(next));
    return null;
  } catch (error) {
    const stale = stalenessIn(error);
    if (stale === undefined) throw error;
    run.isDraftUntried = isDraftUntried;
    return stale;
  }
}

async function objectionAt(job: Job, plan: StoredPlan, { wave }: PlanWave): Promise<string | null> {
  // A rollout that passed its gate under 0.1.0 has judged by its own figures.
  if (!patched('gates-need-evidence')) {
    return gateObjectionOfCounts(job.state.counts, plan.failurePercent);
  }
  return (await judgeGate({ ...job.ref, wave })).objection;
}

function afterGate(
  next: PlanWave | undefined,
  details: MoveDetails = {},
): ['rolling-out' | 'verifying', MoveDetails] {
  return next
    ? ['rolling-out', { ...details, draft: 'governs', wave: next.wave }]
    : ['verifying', { ...details, draft: 'governs' }];
}

async function verifyRest(job: Job, plan: StoredPlan): Promise<void> {
  if (job.phase !== 'verifying') await job.advance('verifying');
  const waves = plan.waves.map(({ wave }) => wave).filter((wave) => wave > 0);
  if (waves.length > 0) await verifyWaves(job, waves, plan.schedule);
}

/** Records why the sequence ended early, unless the update that ended it has recorded it already. */
async function endEarly(run: Run, error: unknown): Promise<void> {
  if (error instanceof EndedEarlyError) return;
  const { job } = run;
  const reason = isCancellation(error) ? 'cancelled in Temporal' : reasonOf(error);
  if (reason === null) throw error;
  await CancellationScope.nonCancellable(async () => {
    if (job.ended) return;
    const wish = isCancellation(error) ? (['aborted', 'discarded'] as const) : [];
    const phase = wish.find((to) => canMove(job.phase, to)) ?? 'failed';
    await job.withMoveLock(async (locked) => {
      if (job.ended) return;
      await locked.end(phase, { reason, ...droppedDraft(run) });
    });
  });
  throw isCancellation(error)
    ? error
    : ApplicationFailure.create({
        type: 'RolloutFailed',
        message: reason,
        nonRetryable: true,
      });
}

/** What an early end does to the template's draft: an untried one is dropped (R16a). */
function droppedDraft({ isDraftUntried }: Run): Pick<MoveDetails, 'draft'> {
  return isDraftUntried ? { draft: 'dropped' } : {};
}

function waveAfter(plan: StoredPlan | null, wave: number | null): PlanWave | undefined {
  return plan?.waves.find((candidate) => wave === null || candidate.wave > wave);
}
