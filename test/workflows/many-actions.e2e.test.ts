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
import { orgUuid, orgId } from '../support/scripted-webex';
import { connectTemporal, type TestTemporal } from '../support/temporal';
import { waitFor } from '../support/wait-for';
import { workflowBundle } from '../support/workflow-bundle';
import { rollout } from '../../src/workflows';

/** Temporal takes so many updates of one workflow, and no more, not even one that ends it. */
const mostUpdates = 2_000;
/** It takes ten at a time. */
const atOnce = 8;

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
    const { handle, moves, action, running } = await planned();
    let taken = 0;
    const refusals: unknown[] = [];
    const steer = async () => {
      while (refusals.length === 0 && taken < mostUpdates) {
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
    expect(taken).toBeGreaterThan(1_000);
    expect(taken).toBeLessThan(mostUpdates - 100);

    await handle.executeUpdate(discardUpdate, { args: [action()] });
    await running;
    expect(moves.at(-1)).toMatchObject({ to: 'discarded' });
  });
});
