import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { ActivityDeps } from '../activities';
import type { Config } from '../config/config';
import { mainTaskQueue, observeWorkflowId } from '../contract/ids';
import { observeDirectoryWorkflow } from '../contract/workflows';
import type { Db } from '../db/connect';
import { isObserved } from '../db/directory/organizations';
import { organizationUuid } from '../domain/model/webex-id';
import { readPeopleFigures } from '../db/directory/people-figures';
import { isPartialView, peopleText } from '../domain/watch/people-figures';
import type { Logger } from '../logger';
import { temporalClientOptions, temporalConnectionOptions } from '../process/temporal-connection';
import type { Webex } from '../webex/port/webex';
import { createWorkers, type Workflows } from './create-workers';
import { ensureSearchAttributes } from './ensure-search-attributes';
import { createWorkerMetrics, type WorkerMetrics } from './metrics';
import { openOrganization } from './open-organization';
import { pollSharedQueue, type SharedQueue } from './poll-shared-queue';
import { createQueueLimit } from './queue-limit';
import type { OwnOrganization } from './own-organization';
import { tellPresence } from './upkeep/tell-presence';
import { startUpkeep, type UpkeepTask } from './upkeep/upkeep';
import { upkeepTasks } from './upkeep/upkeep-tasks';

const planExpiresInMs = 7 * 24 * 60 * 60 * 1_000;
/** With waits of 1, 2, 4 … 30 s between them: about two minutes of trying. */
const maxWriteAttempts = 8;

export interface WorkerInput {
  config: Config;
  logger: Logger;
  db: Db;
  webex: Webex;
  temporal: { address: string };
  /** If absent, the workflows are bundled now, which takes seconds. */
  workflowBundle?: Workflows;
  metrics?: WorkerMetrics;
  /** False: the directory is not watched, to keep tests of other things quiet. */
  isWatching?: boolean;
  /** Limits other than the usual ones, for tests. */
  limits?: Partial<Pick<ActivityDeps, 'planExpiresInMs' | 'maxWriteAttempts' | 'confirmAfterMs'>>;
}

export interface RunningWorker {
  orgId: string;
  /** Resolves when the worker has stopped, rejects if it failed. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/** Starts what one worker process does: workflows, activities, paced writes and upkeep. */
export async function startWorker(input: WorkerInput): Promise<RunningWorker> {
  const { config, logger, db, webex, isWatching = true } = input;
  const { retentionDays } = config;
  const { namespace } = config.temporal;
  const metrics = input.metrics ?? createWorkerMetrics();
  const stopping = new AbortController();
  const { signal } = stopping;
  const { connection, native } = await connect(config.temporal, input.temporal.address);
  try {
    await ensureSearchAttributes(connection, namespace);
    const organization = await openOrganization({ db, webex, logger, signal });
    const deps: ActivityDeps = {
      db,
      webex,
      orgId: organization.orgId,
      logger,
      ...configured(config),
      limitQueue: createQueueLimit(connection, namespace, logger),
      planExpiresInMs,
      maxWriteAttempts,
      ...input.limits,
    };
    const workers = await createWorkers(deps, {
      organization,
      connection: native,
      namespace,
      workflowBundle: input.workflowBundle,
      cachedWorkflows: config.temporal.cachedWorkflows,
    });
    const client = new Client({ connection, namespace });
    await observeFirstTime(deps, client);
    const sharedQueue = pollSharedQueue({ client, createWorker: workers.createShared, logger });
    const common = { deps, organization, client, metrics, signal, retentionDays, isWatching };
    const tasks = [...upkeepTasks(common), sharedQueueTask(sharedQueue)];
    const upkeep = startUpkeep([...tasks, presenceTask(db, client, organization)], logger);
    const runs = Promise.all(workers.own.map((worker) => worker.run())).then(() => undefined);
    const ended = Promise.race([runs, organization.refused]);
    ended.catch(() => undefined);

    return {
      orgId: deps.orgId,
      ended,
      async stop() {
        stopping.abort();
        for (const worker of workers.own) if (worker.getState() === 'RUNNING') worker.shutdown();
        await upkeep.stop();
        await sharedQueue.stop();
        await runs.catch(() => undefined);
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

/** Clients and workers of the SDK each have a connection of their own kind. */
async function connect(
  temporal: Config['temporal'],
  address: string,
): Promise<{ connection: Connection; native: NativeConnection }> {
  const connection = await Connection.connect(temporalClientOptions(temporal, address));
  const native = await NativeConnection.connect(temporalConnectionOptions(temporal, address));
  return { connection, native };
}

function presenceTask(db: Db, client: Client, organization: OwnOrganization): UpkeepTask {
  const run = () => tellPresence(db, client, organization);
  return { name: 'tell that the worker is there', everyMs: 10_000, run };
}

function sharedQueueTask(queue: SharedQueue): UpkeepTask {
  return { name: 'poll the queue of 0.1.0', everyMs: 30_000, run: () => queue.turn() };
}

function configured({ temporal, webex }: Config) {
  const { readOnly, writesPerSecond, confirmAfterMs } = webex;
  return { userLabels: temporal.userLabels, readOnly, writesPerSecond, confirmAfterMs };
}

/** At every start: whether the credential seems to see everybody, as of the last read (R87). */
async function tellPeopleSeen({ db, orgId, logger }: ActivityDeps): Promise<void> {
  const figures = await readPeopleFigures(db, orgId);
  if (figures.seen === 0) return;
  if (isPartialView(figures)) logger.warn(figures, peopleText(figures));
  else logger.info(figures, peopleText(figures));
}

/** Reads the directory of a new organization, so that it is there before the first rollout. */
async function observeFirstTime(deps: ActivityDeps, client: Client): Promise<void> {
  const { db, orgId } = deps;
  await tellPeopleSeen(deps);
  if (await isObserved(db, orgId)) return;
  await client.workflow.start(observeDirectoryWorkflow, {
    workflowId: observeWorkflowId(organizationUuid(orgId)),
    workflowIdConflictPolicy: 'USE_EXISTING',
    taskQueue: mainTaskQueue(organizationUuid(orgId)),
    args: [{ orgId }],
    staticSummary: 'First read of the directory',
  });
}
