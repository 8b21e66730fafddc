import {
  ApplicationFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  isCancellation,
  setHandler,
} from '@temporalio/workflow';
import type { StoredPlan } from '../contract/activities';
import {
  discardUpdate,
  promoteUpdate,
  startUpdate,
  type ReplanInput,
  type StartInput,
} from '../contract/messages';
import type { RolloutInput } from '../contract/workflows';
import type { PlanWave } from '../domain/plan/plan-summary';
import { canMove } from '../domain/rollout/rollout-phase';
import { actionHandler, handleControls, handOver } from './job/controls';
import { reasonOf } from './job/failure-reason';
import { EndedEarlyError, Job } from './job/job';
import type { LockedJob, MoveDetails } from './job/locked-job';
import { droppedDraft, type Run } from './job/run';
import { stalenessIn } from './job/unwrapped';
import { objectionAt, soak } from './judge-wave';
import { begin, planUntilStarted } from './plan-until-started';
import { verifyWaves } from './verify-waves';
import { writeWave } from './write-wave';

const atTheGate = 'promote, replan or abort';
/** New users go before the pilots (2) and waves (3) of other rollouts. */
const automaticPriority = 1;

/**
 * Carries one change from plan to proof: observe, plan, wait for `start`, pilot, gate, waves, verify.
 * Id: `rollout/<orgUuid>/<rolloutId>`. Ends when all users are verified or the deadline has passed, or
 * when somebody discards or aborts it. It doesn't continue as new, which would end its children; the
 * shards do instead, so that its history stays short.
 */
export async function rollout(input: RolloutInput): Promise<void> {
  const { orgId, rolloutId, automatic } = input;
  const job = new Job({ orgId, rolloutId }, 'planning');
  const run: Run = { input, job, plan: null, isDraftUntried: true, requestId: null };
  handleControls(job, {
    draftOnAbort: () => droppedDraft(run),
    replan: (asked, locked) => planAnew(run, asked, locked),
  });
  handleDecisions(run);

  try {
    void job.superviseHalts();
    const plan = await planUntilStarted(run);
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

/** R102: a plan that waits for its start is made again; a rollout that was started hands over. */
async function planAnew(run: Run, asked: ReplanInput, locked: LockedJob): Promise<void> {
  if (run.job.phase !== 'planned') {
    await handOver(asked, locked);
    return;
  }
  const { actor, reason, requestId } = asked;
  run.requestId = requestId;
  await locked.move('planning', { actor, reason, requestId });
}

/** The decision between two waves: a person's, or that of the figures where gates are automatic. */
async function passGate(run: Run, plan: StoredPlan, wave: PlanWave): Promise<void> {
  const { job } = run;
  const next = waveAfter(plan, wave.wave);
  if (!next && wave.wave !== 0) return;
  await soak(job, wave);
  await job.untilRunnable();
  const objection = await openAutomatically(run, plan, { wave, next });
  if (objection === null) return;
  await job.advance('awaiting-promotion', {
    reason: objection,
    waitingFor: objection === '' ? atTheGate : `${atTheGate}: ${objection}`,
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

function waveAfter(plan: StoredPlan | null, wave: number | null): PlanWave | undefined {
  return plan?.waves.find((candidate) => wave === null || candidate.wave > wave);
}
