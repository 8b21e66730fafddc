import {
  ApplicationFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  isCancellation,
  setHandler,
} from '@temporalio/workflow';
import type { StoredPlan } from '../contract/activities';
import { gateObjection } from '../domain/rollout/gate';
import type { PlanWave } from '../domain/plan/plan-summary';
import { canMove } from '../domain/rollout/rollout-phase';
import { act, expectAllowed, handleControls } from './job/controls';
import { reasonOf } from './job/failure-reason';
import { Job, Stopped } from './job/job';
import {
  discardUpdate,
  promoteUpdate,
  startUpdate,
  type ActionInput,
  type RolloutInput,
  type StartInput,
} from '../contract/messages';
import { beginRollout, observe, planRollout } from './job/activity-calls';
import { verifyWaves } from './verify-waves';
import { writeWave } from './write-wave';

/**
 * Carries one change from plan to proof: observe, plan, wait for `start`, pilot, gate, waves, verify.
 * Id: `rollout/<orgUuid>/<rolloutId>`. Ends when the change has propagated or been given up, or when
 * somebody discards or aborts it. It doesn't continue as new, which would end its children.
 */
export async function rollout(input: RolloutInput): Promise<void> {
  const job = new Job(input.orgId, input.rolloutId, 'planning');
  let plan: StoredPlan | undefined;
  let draft: 'pending' | 'governs' = 'pending';

  handleControls(job, { draft: () => (draft === 'pending' ? 'dropped' : undefined) });

  setHandler(startUpdate, (input: StartInput) => act(job, 'start', input, () => begin(input)), {
    validator: (start: StartInput) => expectAllowed(job, 'start', start),
  });

  setHandler(
    discardUpdate,
    (input: ActionInput) => {
      const { actor, reason } = input;
      return act(job, 'discard', input, () =>
        job.move('discarded', { actor, reason, draft: 'dropped' }),
      );
    },
    { validator: (discard: ActionInput) => expectAllowed(job, 'discard', discard) },
  );

  setHandler(
    promoteUpdate,
    (input: ActionInput) =>
      act(job, 'promote', input, async () => {
        const { actor, reason } = input;
        const next = waveAfter(plan, job.wave);
        await job.move(next ? 'rolling-out' : 'verifying', {
          actor,
          reason,
          draft: 'governs',
          ...(next ? { wave: next.wave } : {}),
        });
        draft = 'governs';
      }),
    { validator: (promote: ActionInput) => expectAllowed(job, 'promote', promote) },
  );

  try {
    void job.superviseHalts();
    plan = await observeAndPlan();
    await (input.automatic ? startItself(plan) : waitForStart(plan));
    for (const wave of plan.waves) {
      await writeWave(job, wave, input.automatic ? 1 : undefined);
      if (wave.wave === 0) await verifyWaves(job, [0], plan.schedule);
      await passGate(plan, wave);
    }
    await verify(plan);
    await job.advance('completed');
  } catch (error) {
    await endEarly(error);
  }
  await condition(allHandlersFinished);

  async function observeAndPlan(): Promise<StoredPlan> {
    const work = new CancellationScope();
    const planning = work.run(async () => {
      const { orgId, rolloutId } = input;
      // The watch has just looked.
      if (!input.automatic) await observe({ orgId, rolloutId });
      return await planRollout({ orgId, rolloutId });
    });
    const stored = await Promise.race([planning, condition(() => job.ended)]);
    if (stored) return stored;
    work.cancel();
    await planning.catch(() => undefined);
    throw new Stopped();
  }

  /** Claims the organization and goes into the first phase that writes. Call it only inside `exclusively`. */
  async function begin({ actor, reason, digest }: Omit<StartInput, 'expectedPhaseVersion'>) {
    const first = plan?.waves[0];
    const governs = plan?.governsFromStart === true;
    await job.move(
      first === undefined ? 'verifying' : first.wave === 0 ? 'piloting' : 'rolling-out',
      { actor, reason, wave: first?.wave ?? null, ...(governs ? { draft: 'governs' } : {}) },
      (move) => beginRollout({ ...move, digest }),
    );
    if (governs) draft = 'governs';
  }

  /** A reaction waits for nobody. */
  async function startItself(stored: StoredPlan): Promise<void> {
    take(stored);
    await job.advance('planned');
    const actor = { name: 'seatwise', role: 'system' };
    await job.exclusively(async () => {
      if (job.phase !== 'planned') return;
      await begin({ actor, reason: 'found by the watch', digest: stored.digest });
    });
    await job.ready();
  }

  function take(stored: StoredPlan): void {
    job.total = stored.total;
    job.waves = stored.waves.length;
    job.details = stored.details;
  }

  async function waitForStart(stored: StoredPlan): Promise<void> {
    take(stored);
    await job.advance('planned', {
      waitingFor: stored.neverStarts ? 'discard' : 'start or discard',
    });
    const decided = await condition(() => job.phase !== 'planned', stored.expiresInMs);
    if (!decided) {
      await job.exclusively(async () => {
        if (job.phase !== 'planned') return;
        await job.move('expired', { reason: 'nobody started it in time', draft: 'dropped' });
      });
    }
    await job.ready();
  }

  /** The decision between two waves: a person's, or that of the figures where gates are automatic. */
  async function passGate(stored: StoredPlan, wave: PlanWave): Promise<void> {
    const next = waveAfter(stored, wave.wave);
    if (!next && wave.wave !== 0) return;
    await condition(() => job.ended, Math.max(1, wave.soakSeconds * 1_000));
    await job.ready();
    const objection =
      stored.gates === 'manual' ? '' : gateObjection(job.counts, stored.failurePercent);
    if (objection === null) {
      draft = 'governs';
      await job.advance(next ? 'rolling-out' : 'verifying', {
        draft: 'governs',
        ...(next ? { wave: next.wave } : {}),
      });
      return;
    }
    await job.advance('awaiting-promotion', {
      reason: objection,
      waitingFor: objection === '' ? 'promote or abort' : `promote or abort: ${objection}`,
    });
    await condition(() => job.phase !== 'awaiting-promotion' && job.phase !== 'halted');
    await job.ready();
  }

  async function verify(stored: StoredPlan): Promise<void> {
    if (job.phase !== 'verifying') await job.advance('verifying');
    const waves = stored.waves.map(({ wave }) => wave).filter((wave) => wave > 0);
    if (waves.length > 0) await verifyWaves(job, waves, stored.schedule);
  }

  async function endEarly(error: unknown): Promise<void> {
    if (error instanceof Stopped) return;
    await CancellationScope.nonCancellable(async () => {
      const reason = isCancellation(error) ? 'cancelled in Temporal' : reasonOf(error);
      if (reason === null) throw error;
      if (job.ended) return;
      const wish = isCancellation(error) ? (['aborted', 'discarded'] as const) : [];
      const phase = wish.find((to) => canMove(job.phase, to)) ?? 'failed';
      await job.exclusively(async () => {
        if (job.ended) return;
        await job.end(phase, reason, { draft: draft === 'pending' ? 'dropped' : undefined });
      });
    });
    throw isCancellation(error)
      ? error
      : ApplicationFailure.create({
          type: 'RolloutFailed',
          message: reasonOf(error) ?? '',
          nonRetryable: true,
        });
  }
}

function waveAfter(plan: StoredPlan | undefined, wave: number | null): PlanWave | undefined {
  return plan?.waves.find((candidate) => wave === null || candidate.wave > wave);
}
