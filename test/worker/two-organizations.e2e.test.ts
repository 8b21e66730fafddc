import { randomUUID } from 'node:crypto';
import { observeDirectoryWorkflow } from '../../src/contract/workflows';
import { sharedTaskQueue } from '../../src/contract/ids';
import { createLogger } from '../../src/logger';
import { startSimulator, type RunningSimulator } from '../../src/simulator/start-simulator';
import { createWorkerMetrics } from '../../src/worker/metrics';
import { startWorker, type RunningWorker } from '../../src/worker/start-worker';
import { webexFromConfig } from '../../src/worker/webex-from-config';
import { valueOf } from '../support/seed';
import { told } from '../support/environment';
import { waitFor } from '../support/wait-for';
import { workflowBundle } from '../support/workflow-bundle';
import { closeRuntime, startWorld, type World } from '../support/world';

describe('two organizations in one namespace', () => {
  let world: World;
  let otherWebex: RunningSimulator;
  let otherWorker: RunningWorker | null = null;

  beforeAll(async () => {
    world = await startWorld({ simulator: { users: 5, seed: 1 }, hasWorker: false });
    otherWebex = await startSimulator({ users: 4, seed: 2 });
  });
  afterAll(async () => {
    await otherWorker?.stop();
    await otherWebex.close();
    await world.close();
    await closeRuntime();
  });

  /** A worker whose token opens the other organization. */
  async function startOtherWorker(): Promise<RunningWorker> {
    const { db } = world.database;
    const config = {
      ...world.config,
      webex: {
        ...world.config.webex,
        baseUrl: otherWebex.url,
        credential: { kind: 'token' as const, accessToken: otherWebex.adminToken },
      },
    };
    const logger = createLogger({ name: 'test', level: 'silent' });
    const metrics = createWorkerMetrics();
    return await startWorker({
      config,
      logger,
      db,
      webex: webexFromConfig({ config, db, logger, metrics }),
      temporal: { address: told('temporalAddress') },
      metrics,
      isWatching: false,
      workflowBundle: workflowBundle(),
    });
  }

  const usersOf = (orgId: string) =>
    valueOf<number>(
      world.database.db,
      'SELECT count(*)::int FROM directory_user WHERE org_id = $1',
      [orgId],
    );

  it('a workflow of 0.1.0 ends on the shared queue, by a worker of its own organization', async () => {
    const { workflow } = world.client;
    const { orgId } = world.simulator.simulator.organization;
    const workflowId = `observe/${randomUUID()}`;
    const handle = await workflow.start(observeDirectoryWorkflow, {
      workflowId,
      taskQueue: sharedTaskQueue,
      args: [{ orgId }],
    });
    await waitFor('the list of workflows', async () => {
      const { count } = await workflow.count(`TaskQueue = '${sharedTaskQueue}'`);
      return count === 1;
    });

    otherWorker = await startOtherWorker();
    await waitFor('the other worker to be offered the activity', async () => {
      const { raw } = await handle.describe();
      return (
        raw.pendingActivities?.[0]?.lastFailure?.applicationFailureInfo?.type ===
        'OtherOrganization'
      );
    });
    expect(await usersOf(orgId)).toBe(0);

    await world.startWorker();
    await handle.result();
    expect(await usersOf(orgId)).toBeGreaterThan(0);
    const { organization } = otherWebex.simulator;
    await waitFor('the other organization', async () => (await usersOf(organization.orgId)) > 0);
  });
});
