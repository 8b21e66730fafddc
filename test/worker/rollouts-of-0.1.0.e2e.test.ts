import { randomUUID } from 'node:crypto';
import { sharedTaskQueue } from '../../src/contract/ids';
import { rolloutStart } from '../../src/contract/rollout-start';
import { rolloutWorkflow } from '../../src/contract/workflows';
import type { RolloutBody } from '../support/caller';
import { countsOf, expectEachOnce, noFaults, Stage } from '../support/stage';
import { waitFor } from '../support/wait-for';
import { closeRuntime } from '../support/world';

/** As 0.1.0 stored them. */
const guards = {
  maxRemovals: null,
  maxRemovalPercent: null,
  failurePercent: 5,
  failureMinSample: 3,
};

/** Started by 0.1.0 in the queue of all organizations, and left to the workers of today in each state. */
describe('a rollout of 0.1.0', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({
      simulator: { users: 30, seed: 7 },
      limits: { maxWriteAttempts: 2 },
    });
  });
  afterEach(() => stage.simulate(noFaults));
  afterAll(async () => {
    await stage.close();
    await closeRuntime();
  });

  /** Its row, with what 0.1.0 stored, and its workflow. */
  async function begun(request: Record<string, unknown>): Promise<RolloutBody> {
    const like = await stage.flip({ ...request, pilot: null });
    await stage.caller.act(like.rolloutId, 'discard');
    await stage.world.stopWorkers();
    await stage.control('DELETE', 'writes');
    const rolloutId = randomUUID();
    const { db } = stage.world.database;
    await db.$client.query(
      `INSERT INTO rollout (org_id, rollout_id, request, title, template_id, template_revision,
         phase, created_by, created_at, workflow_id)
       SELECT org_id, $2::uuid, jsonb_set(request, '{guards}', $3) - 'except', title, template_id,
         template_revision, 'planning', created_by, now(),
         replace(workflow_id, rollout_id::text, $2::text)
       FROM rollout WHERE rollout_id = $1`,
      [like.rolloutId, rolloutId, JSON.stringify(guards)],
    );
    const { orgId, orgUuid } = stage.world.simulator.simulator.organization;
    const row = { orgId, orgUuid, rolloutId, title: 'a story', createdBy: 'ada', templateId: null };
    const { workflow } = stage.world.client;
    const start = { ...rolloutStart(row), taskQueue: sharedTaskQueue };
    await workflow.start(rolloutWorkflow, start);
    await waitFor('the list of workflows', async () => (await running()) === 1);
    await stage.world.startWorker();
    return stage.caller.until(rolloutId, ({ phase }) => phase === 'planned');
  }

  async function running(): Promise<number> {
    const query = `TaskQueue = '${sharedTaskQueue}' AND ExecutionStatus = 'Running'`;
    return (await stage.world.client.workflow.count(query)).count;
  }

  /** Other workers take over, as after an upgrade. */
  async function replaceWorkers(): Promise<void> {
    await stage.world.stopWorkers();
    await stage.world.startWorker();
  }

  const until = ({ rolloutId }: RolloutBody, wanted: string) =>
    stage.caller.until(rolloutId, ({ phase }) => phase === wanted);

  async function act({ rolloutId }: RolloutBody, action: string, body = {}): Promise<void> {
    expect((await stage.caller.act(rolloutId, action, body)).status).toBe(200);
  }

  /** Everybody has what was planned, written once, and nothing is left in the queue of 0.1.0. */
  async function expectWhole(rollout: RolloutBody): Promise<void> {
    const done = await until(rollout, 'completed');
    expect(countsOf(done)).toEqual({ converged: rollout.summary!.planned });
    const users = await stage.users(rollout.rolloutId);
    expectEachOnce(users, stage.writes);
    const truth = await stage.truth();
    for (const { personId, changes } of users) {
      const { licenses } = truth.get(personId)!;
      for (const { operation, target } of changes) {
        expect(licenses.includes(target.licenseId!)).toBe(operation === 'add');
      }
    }
    await waitFor('the queue of 0.1.0 to be empty', async () => (await running()) === 0);
  }

  it('is started', async () => {
    const planned = await begun({});
    await replaceWorkers();
    await stage.caller.start(planned);
    await expectWhole(planned);
  });

  it('goes through its gate, with its next wave in the queue where it began', async () => {
    const waves = [{ size: { count: 5 }, soakSeconds: 0 }, { size: { percent: 100 } }];
    const planned = await begun({ waves });
    await stage.caller.start(planned);
    await until(planned, 'awaiting-promotion');
    await replaceWorkers();
    await act(planned, 'promote');
    await expectWhole(planned);
    const { orgUuid } = stage.world.simulator.simulator.organization;
    const shard = `rollout/${orgUuid}/${planned.rolloutId}/w2/s1`;
    const { taskQueue } = await stage.world.client.workflow.getHandle(shard).describe();
    expect(taskQueue).toBe(sharedTaskQueue);
  });

  it('goes on in the middle of a wave, paused meanwhile', async () => {
    const planned = await begun({});
    await act(planned, 'set-pace', { writesPerSecond: 4 });
    await stage.caller.start(planned);
    await stage.untilWrites(6);
    await act(planned, 'pause');
    await replaceWorkers();
    await act(planned, 'resume');
    await act(planned, 'set-pace', { writesPerSecond: 200 });
    await expectWhole(planned);
  });

  it('R96 goes on after a halt, and its failed users are written again', async () => {
    const planned = await begun({});
    await stage.simulate({ faults: { error5xxBefore: { probability: 1 } } });
    await stage.caller.start(planned);
    await until(planned, 'halted');
    await replaceWorkers();
    await stage.simulate(noFaults);
    await act(planned, 'resume');
    await until(planned, 'completed');
    await act(planned, 'retry-failed');
    await expectWhole(planned);
  });

  it('R80 is verified to its end', async () => {
    const planned = await begun({});
    await stage.simulate({ propagation: { delay: { mode: 'fixed', delayMs: 8_000 } } });
    await stage.caller.start(planned);
    await until(planned, 'verifying');
    await replaceWorkers();
    await expectWhole(planned);
  });
});
