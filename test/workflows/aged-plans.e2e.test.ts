import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import type { Activities, PhaseMove, StoredPlan } from '../../src/contract/activities';
import { promoteUpdate, replanUpdate, startUpdate } from '../../src/contract/messages';
import { orgUuid, orgId } from '../support/scripted-webex';
import { connectTemporal, type TestTemporal } from '../support/temporal';
import { waitFor } from '../support/wait-for';
import { workflowBundle } from '../support/workflow-bundle';
import { rollout } from '../../src/workflows';

/** Pilot and one wave, whose users are all written by others: there is nothing to write. */
const plan: StoredPlan = {
  digest: 'first',
  total: 2,
  planned: 2,
  waves: [0, 1].map((wave) => ({
    wave,
    users: 1,
    soakSeconds: 0,
    steps: [{ step: 0, fromSeq: wave + 1, toSeq: wave + 1 }],
  })),
  counts: { planned: 2 },
  governsFromStart: false,
  gates: 'automatic',
  failurePercent: 5,
  schedule: { intervalsSeconds: [0], deadlineSeconds: 60 },
  expiresInMs: 60_000,
  details: '',
};
const aged = '12 of 40 users who are left would be decided differently today';

describe('a rollout whose plan has aged', () => {
  let temporal: TestTemporal;
  beforeAll(async () => {
    temporal = await connectTemporal();
  });
  afterAll(() => temporal.close());

  /** The workflow with activities that only remember what they were asked for. */
  async function begun(automatic: boolean, told: Partial<Activities>) {
    const moves: PhaseMove[] = [];
    const reread: number[] = [];
    const counts = {};
    const remember = (move: PhaseMove) => {
      moves.push(move);
      return Promise.resolve({ counts });
    };
    const seen = Promise.resolve({ unconverged: 0, converged: 0, repeat: [] });
    const activities: Partial<Activities> = {
      observe: () => Promise.resolve({ users: 2 }),
      planRollout: () => Promise.resolve(plan),
      noteProgress: () => Promise.resolve({ counts }),
      readShardPage: () => Promise.resolve([]),
      sweep: () => seen,
      judgeGate: () => Promise.resolve({ objection: null }),
      ...told,
      rereadWave: async (input) => {
        reread.push(input.wave);
        return (await told.rereadWave?.(input)) ?? { counts, writable: 0 };
      },
      movePhase: async (move) => {
        await told.movePhase?.(move);
        return remember(move);
      },
      beginRollout: async (move) => {
        await told.beginRollout?.(move);
        return remember(move);
      },
    };
    const taskQueue = `aged-${randomUUID()}`;
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
      args: [{ orgId, rolloutId, ...(automatic ? { automatic: true as const } : {}) }],
    });
    const moved = (to: string) =>
      waitFor(to, () => Promise.resolve(moves.filter((move) => move.to === to).length > 0));
    const action = () => ({
      actor: { name: 'tester', role: 'approver' },
      expectedPhaseVersion: moves.at(-1)?.version ?? 1,
      reason: '',
    });
    const running = worker.runUntil(handle.result());
    return { handle, moves, reread, moved, action, running };
  }

  function stale(): never {
    throw ApplicationFailure.nonRetryable(aged, 'PlanStale');
  }

  it('R101 waits at an automatic gate and says why, writes nothing, and goes on once promoted', async () => {
    let isAged = true;
    const story = await begun(false, {
      movePhase: ({ to }) =>
        to === 'rolling-out' && isAged ? stale() : Promise.resolve({ counts: {} }),
    });
    await story.moved('planned');
    const { digest } = plan;
    await story.handle.executeUpdate(startUpdate, { args: [{ ...story.action(), digest }] });
    await story.moved('awaiting-promotion');
    expect(story.moves.at(-1)).toMatchObject({ waitingFor: expect.stringContaining(aged) });
    expect(story.reread).toEqual([0]);
    const refused = story.handle.executeUpdate(promoteUpdate, { args: [story.action()] });
    await expect(refused).rejects.toMatchObject({ cause: { type: 'PlanStale', message: aged } });

    isAged = false;
    await story.handle.executeUpdate(promoteUpdate, { args: [story.action()] });
    await story.running;
    expect(story.reread).toEqual([0, 1]);
    expect(story.moves.at(-1)).toMatchObject({ to: 'completed' });
    const opened = story.moves.filter(({ draft }) => draft === 'governs');
    expect(opened).toMatchObject([{ from: 'awaiting-promotion', to: 'rolling-out' }]);
  });

  it('R101 expires a plan of the watch that is out of date before it starts, and writes nothing', async () => {
    const story = await begun(true, { beginRollout: stale });
    await story.running;
    expect(story.moves).toMatchObject([{ to: 'planned' }, { to: 'expired', reason: aged }]);
    expect(story.reread).toEqual([]);
  });

  it('R89 R101 has groups from which somebody is missing read a second time before the wave, and goes on where that fails', async () => {
    const asked: string[] = [];
    const story = await begun(true, {
      rereadWave: ({ wave, confirmed }) => {
        asked.push(`${wave}${confirmed ? ' confirmed' : ''}`);
        const confirm = { readId: 10 + wave, afterMs: 1 };
        const missing = confirmed ? {} : { confirm, againAfterMs: 1 };
        return Promise.resolve({ counts: {}, writable: 0, ...missing });
      },
      confirmMissing: ({ readId }) => {
        asked.push(`read ${readId}`);
        if (readId === 10) throw ApplicationFailure.nonRetryable('Webex is down');
        return Promise.resolve();
      },
    });
    await story.running;
    expect(asked).toEqual(['0', 'read 10', '0 confirmed', '1', 'read 11', '1 confirmed']);
    expect(story.moves.at(-1)).toMatchObject({ to: 'completed' });
  });

  it('R102 keeps the plan that stands where another can not be made, and starts it', async () => {
    const story = await begun(false, {
      planRollout: ({ requestId }) => {
        if (requestId === undefined) return Promise.resolve(plan);
        throw ApplicationFailure.nonRetryable('the template is gone', 'PlanImpossible');
      },
    });
    await story.moved('planned');
    const requestId = randomUUID();
    await story.handle.executeUpdate(replanUpdate, { args: [{ ...story.action(), requestId }] });
    await waitFor('the plan before', () => Promise.resolve(story.moves.length === 3));
    expect(story.moves.slice(1)).toMatchObject([
      { from: 'planned', to: 'planning', requestId },
      {
        from: 'planning',
        to: 'planned',
        waitingFor:
          'start, replan or discard: planning again failed (the template is gone), and the plan before stands',
      },
    ]);
    const { digest } = plan;
    await story.handle.executeUpdate(startUpdate, { args: [{ ...story.action(), digest }] });
    await story.running;
    expect(story.reread).toEqual([0, 1]);
    expect(story.moves.at(-1)).toMatchObject({ to: 'completed' });
  });
});
