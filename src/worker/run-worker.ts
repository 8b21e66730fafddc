import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker, type WorkflowBundle } from '@temporalio/worker';
import { createActivities, type ActivityDeps } from '../activities';
import type { Activities } from '../contract/activities';
import { adoptDefaultPace, recoverPace } from '../activities/write/pace';
import type { Config } from '../config/config';
import type { Db } from '../db/connect';
import { isObserved } from '../db/directory/organizations';
import { purge } from '../db/admin/retention';
import { organizationUuid } from '../domain/model/webex-id';
import type { Logger } from '../logger';
import { temporalConnectionOptions } from '../process/temporal-connection';
import type { Webex } from '../webex/port/webex';
import { observeDirectoryWorkflow } from '../contract/workflows';
import { mainTaskQueue, observeWorkflowId, writeTaskQueue } from '../contract/ids';
import { deliverActions } from './deliver-actions';
import { createWorkerMetrics, type WorkerMetrics } from './metrics';
import { openOrganization } from './open-organization';
import { createQueueLimit } from './queue-limit';
import { ensureSearchAttributes } from './ensure-search-attributes';
import { startMissingWorkflows } from './start-missing-workflows';
import { startUpkeep, type UpkeepTask } from './upkeep';
import { createWatchSchedule } from './watch-schedule';

const planExpiresInMs = 7 * 24 * 60 * 60 * 1_000;
/** At back-off 1, 2, 4 … 30 s: about two minutes of trying. */
const maxWriteAttempts = 8;
/** Enough for 100 writes a second at a latency of one second. */
const writesAtOnce = 120;
const paceEveryMs = 1_000;

export interface WorkerInput {
  config: Config;
  logger: Logger;
  db: Db;
  webex: Webex;
  temporal: { address: string };
  /** Absent: the workflows are bundled now, which takes seconds. */
  workflowBundle?: WorkflowBundle | { codePath: string };
  metrics?: WorkerMetrics;
  /** False: the directory isn't watched, which tests of other things are quieter without. */
  isWatching?: boolean;
  /** Other limits than the usual ones. */
  limits?: Partial<Pick<ActivityDeps, 'planExpiresInMs' | 'maxWriteAttempts'>>;
}

export interface RunningWorker {
  orgId: string;
  /** Ends when the worker has stopped; rejects when it failed. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/** Starts one worker process's share: workflows and bulk activities, paced writes, and upkeep. */
export async function startWorker(input: WorkerInput): Promise<RunningWorker> {
  const { config, logger, db, webex } = input;
  const metrics = input.metrics ?? createWorkerMetrics();
  const stopping = new AbortController();
  const { namespace } = config.temporal;
  const connectionOptions = temporalConnectionOptions(config.temporal, input.temporal.address);
  const connection = await Connection.connect(connectionOptions);
  const native = await NativeConnection.connect(connectionOptions);
  try {
    await ensureSearchAttributes(connection, namespace);
    const orgId = await openOrganization({ db, webex, logger, signal: stopping.signal });
    const deps: ActivityDeps = {
      db,
      webex,
      orgId,
      logger,
      userLabels: config.temporal.userLabels,
      readOnly: config.webex.readOnly,
      writesPerSecond: config.webex.writesPerSecond,
      limitQueue: createQueueLimit(connection, namespace, logger),
      planExpiresInMs,
      maxWriteAttempts,
      ...input.limits,
    };
    const workers = await createWorkers(input, native, deps);
    const client = new Client({ connection, namespace });
    await observeFirstTime(db, client, orgId);
    const { retentionDays } = config;
    const { signal } = stopping;
    const tasks = upkeepTasks(deps, client, { metrics, signal, retentionDays });
    if (input.isWatching ?? true) tasks.push(watchTask(deps, client));
    const upkeep = startUpkeep(tasks, logger);
    const runs = workers.map((worker) => worker.run());
    const ended = Promise.all(runs).then(() => undefined);
    ended.catch(() => undefined);

    return {
      orgId,
      ended,
      async stop() {
        stopping.abort();
        for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
        await upkeep.stop();
        await ended.catch(() => undefined);
        await native.close();
        await connection.close();
      },
    };
  } catch (error) {
    await native.close();
    await connection.close();
    throw error;
  }
}

async function createWorkers(
  input: WorkerInput,
  connection: NativeConnection,
  deps: ActivityDeps,
): Promise<Worker[]> {
  const { namespace } = input.config.temporal;
  const activities = createActivities(deps);
  const paced: Pick<Activities, 'applyUser' | 'putBackUser' | 'repeatWrite'> = {
    applyUser: (user) => activities.applyUser(user),
    putBackUser: (user) => activities.putBackUser(user),
    repeatWrite: (user) => activities.repeatWrite(user),
  };
  const common = {
    connection,
    namespace,
    shutdownGraceTime: '10s',
    shutdownForceTime: '20s',
  } as const;
  await adoptDefaultPace(deps, deps.orgId);
  const pace = await recoverPace(deps, deps.orgId);
  return [
    await Worker.create({
      ...common,
      taskQueue: mainTaskQueue,
      activities,
      ...(input.workflowBundle
        ? { workflowBundle: input.workflowBundle }
        : { workflowsPath: require.resolve('../workflows') }),
      // A killed worker's workflows go on elsewhere after a second.
      stickyQueueScheduleToStartTimeout: '1s',
    }),
    await Worker.create({
      ...common,
      taskQueue: writeTaskQueue(organizationUuid(deps.orgId)),
      activities: { ...paced },
      maxConcurrentActivityTaskExecutions: writesAtOnce,
      // Until the server is told the shared rate, which overrides this one.
      maxTaskQueueActivitiesPerSecond: pace,
    }),
  ];
}

/** A new organization is looked at once, so that there is something to see before the first rollout. */
async function observeFirstTime(db: Db, client: Client, orgId: string): Promise<void> {
  if (await isObserved(db, orgId)) return;
  await client.workflow.start(observeDirectoryWorkflow, {
    workflowId: observeWorkflowId(organizationUuid(orgId)),
    workflowIdConflictPolicy: 'USE_EXISTING',
    taskQueue: mainTaskQueue,
    args: [{ orgId }],
    staticSummary: 'First look at the directory',
  });
}

function upkeepTasks(
  deps: ActivityDeps,
  client: Client,
  options: { metrics: WorkerMetrics; signal: AbortSignal; retentionDays: number | null },
): UpkeepTask[] {
  const { metrics, signal, retentionDays } = options;
  const { db, orgId } = deps;
  return [
    {
      name: 'pace',
      everyMs: paceEveryMs,
      run: async () => metrics.setPace(await recoverPace(deps, orgId)),
    },
    {
      name: 'start rollouts without a workflow',
      everyMs: 15_000,
      run: async () => {
        const started = await startMissingWorkflows(db, client);
        if (started > 0) deps.logger.info({ started }, 'started rollouts that had no workflow');
      },
    },
    {
      name: 'deliver accepted actions',
      everyMs: 2_000,
      run: async () => {
        await deliverActions(db, client, signal);
      },
    },
    ...(retentionDays === null
      ? []
      : [{ name: 'retention', everyMs: 60_000, run: () => forget(deps, retentionDays) }]),
  ];
}

/** A changed interval is followed within seconds. */
function watchTask({ db, orgId, logger }: ActivityDeps, client: Client): UpkeepTask {
  const run = createWatchSchedule({ db, client, orgId, logger });
  return { name: 'watch schedule', everyMs: 2_000, run };
}

async function forget({ db, logger }: ActivityDeps, retentionDays: number): Promise<void> {
  const rows = await purge(db, retentionDays);
  if (rows > 0) logger.info({ rows, retentionDays }, 'forgot rows whose time was over');
}
