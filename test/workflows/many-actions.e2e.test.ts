import { randomUUID } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import type { Activities, PhaseMove, StoredPlan } from '../../src/contract/activities';
import {
  abortUpdate,
  discardUpdate,
  setPaceUpdate,
  startUpdate,
  type ActionInput,
} from '../../src/contract/messages';
import type { PlanWave } from '../../src/domain/plan/plan-summary';
import { eventsPerAction, steeringObstacle } from '../../src/domain/rollout/action-budget';
import { workflowCost } from '../../src/domain/rollout/shards';
import { orgUuid, orgId } from '../support/scripted-webex';
import { connectTemporal, type TestTemporal } from '../support/temporal';
import { waitFor } from '../support/wait-for';
import { workflowBundle } from '../support/workflow-bundle';
import { rollout } from '../../src/workflows';

/** Events that Temporal takes of one workflow. */
const mostEvents = 51_200;
/** Temporal takes ten updates at a time. */
const atOnce = 8;
/** Events that a plan leaves for actions: few, so that the test is short. */
const room = 800;

const plan: StoredPlan = {
  digest: 'first',
  total: 1,
  planned: 1,
  waves: [{ wave: 1, users: 1, soakSeconds: 0, steps: [{ step: 0, fromSeq: 1, toSeq: 1 }] }],
  counts: { planned: 1 },
  governsFromStart: false,
  gates: 'manual',
  failurePercent: 5,
  schedule: { intervalsSeconds: [0], deadlineSeconds: 60 },
  expiresInMs: 600_000,
  details: '',
};

describe('a rollout whose history grows', () => {
  let temporal: TestTemporal;
  beforeAll(async () => {
    temporal = await connectTemporal();
  });
  afterAll(() => temporal.close());

  /** The workflow, planned, with activities that only remember moves. */
  async function planned(told: Partial<Activities> = {}) {
    const moves: PhaseMove[] = [];
    const counts = {};
    const remember = (move: PhaseMove) => {
      moves.push(move);
      return Promise.resolve({ counts });
    };
    const activities: Partial<Activities> = {
      observe: () => Promise.resolve({ users: 1 }),
      planRollout: () => Promise.resolve(plan),
      setPace: () => Promise.resolve(),
      drainWrites: () => Promise.resolve(),
      withholdRest: () => Promise.resolve({ counts }),
      movePhase: remember,
      beginRollout: remember,
      ...told,
    };
    const taskQueue = `steered-${randomUUID()}`;
    const worker = await Worker.create({
      connection: temporal.connection,
      taskQueue,
      workflowBundle: workflowBundle(),
      activities,
    });
    const rolloutId = randomUUID();
    const handle = await temporal.client.workflow.start(rollout, {
      workflowId: `rollout/${orgUuid}/${rolloutId}`,
      taskQueue,
      args: [{ orgId, rolloutId }],
    });
    const running = worker.runUntil(handle.result().catch(() => undefined));
    await waitFor('the plan', () => Promise.resolve(moves.length === 1));
    const action = (): ActionInput => ({
      actor: { name: 'tester', role: 'approver' },
      expectedPhaseVersion: moves.at(-1)!.version,
      reason: '',
    });
    return { handle, moves, action, running };
  }

  it('halts where Webex finds other users missing at each read, instead of reading for ever', async () => {
    let reads = 0;
    const { handle, moves, action, running } = await planned({
      rereadWave: () => {
        reads += 1;
        return Promise.resolve({ counts: {}, writable: 1, againAfterMs: 1 });
      },
    });
    const { digest } = plan;
    await handle.executeUpdate(startUpdate, { args: [{ ...action(), digest }] });
    await waitFor('the halt', () => Promise.resolve(moves.at(-1)?.to === 'halted'));
    expect(moves.at(-1)!.reason).toContain('at each of 25 reads');
    expect(reads).toBe(25);
    await handle.executeUpdate(abortUpdate, { args: [action()] });
    await running;
    expect(moves.at(-1)).toMatchObject({ to: 'aborted' });
  });

  it('refuses to be steered before Temporal takes no more, and can still be ended', async () => {
    const { waves, planEvents } = wavesThatLeave(room);
    const told = { ...plan, waves };
    const { handle, moves, action, running } = await planned({
      planRollout: () => Promise.resolve(told),
    });
    let taken = 0;
    const refusals: unknown[] = [];
    const steer = async () => {
      while (refusals.length === 0) {
        const args: [ActionInput & { writesPerSecond: number }] = [
          { ...action(), writesPerSecond: 5 },
        ];
        await handle.executeUpdate(setPaceUpdate, { args }).then(
          () => (taken += 1),
          (error: unknown) => refusals.push((error as { cause: unknown }).cause),
        );
      }
    };
    await Promise.all(Array.from({ length: atOnce }, steer));
    expect(refusals[0]).toMatchObject({
      type: 'ActionNotAllowed',
      message: expect.stringContaining('Discard it and plan a new one.'),
    });
    expect(taken).toBeGreaterThanOrEqual(room / eventsPerAction);
    const events = ((await handle.fetchHistory()).events ?? []).length;
    // The room was used, and what is reserved for the plan and for the end is still there.
    expect(events).toBeGreaterThan(room - atOnce * eventsPerAction);
    expect(events + planEvents).toBeLessThan(mostEvents - 2_000);

    await handle.executeUpdate(discardUpdate, { args: [action()] });
    await running;
    expect(moves.at(-1)).toMatchObject({ to: 'discarded' });
  });
});

/** Waves of a plan that needs nearly all events: the workflow's own budget leaves this many for actions. */
function wavesThatLeave(events: number): { waves: PlanWave[]; planEvents: number } {
  const asked = { action: 'set-pace', phase: 'planned' } as const;
  const waves: PlanWave[] = [];
  let planEvents = 0;
  for (let wave = 1; ; wave += 1) {
    const next: PlanWave = {
      wave,
      users: 1,
      soakSeconds: 0,
      steps: [{ step: 0, fromSeq: wave, toSeq: wave }],
    };
    const cost = workflowCost([...waves, next]).events;
    if (steeringObstacle({ actions: 0, events, planEvents: cost }, asked) !== null) break;
    waves.push(next);
    planEvents = cost;
  }
  return { waves, planEvents };
}
