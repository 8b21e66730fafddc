/** A whole Seatwise in one process, for stories told through HTTP: only the test's wishes differ. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { mintToken } from '../../src/api/http/callers/tokens';
import { parseConfig, type Config } from '../../src/config/config';
import { createLogger } from '../../src/logger';
import { serveApi } from '../../src/process/serve-api';
import { startSimulator, type RunningSimulator } from '../../src/simulator/start-simulator';
import type { SimulatorOptions } from '../../src/simulator/open-simulator';
import { createWorkerMetrics } from '../../src/worker/metrics';
import { startWorker, type RunningWorker, type WorkerInput } from '../../src/worker/start-worker';
import { webexFromConfig } from '../../src/worker/webex-from-config';
import { startBentWebex, type Bend, type BentWebex } from './bent-webex';
import { createTestDatabase, type TestDatabase } from './database';
import { told } from './environment';
import { workflowBundle } from './workflow-bundle';

export interface WorldOptions {
  simulator?: SimulatorOptions;
  env?: Record<string, string>;
  /** False: the test starts workers itself. */
  hasWorker?: boolean;
  /** True: the directory is watched, as it is outside of tests. */
  isWatching?: boolean;
  limits?: WorkerInput['limits'];
  /** Puts a bent Webex (`World.bent`) in front of the simulator; an empty table bends nothing yet. */
  bend?: readonly Bend[];
}

export interface World {
  config: Config;
  env: Record<string, string>;
  database: TestDatabase;
  simulator: RunningSimulator;
  /** In front of the simulator, if `bend` was given. */
  bent: BentWebex | null;
  client: Client;
  apiUrl: string;
  token: string;
  namespace: string;
  startWorker(): Promise<RunningWorker>;
  stopWorkers(): Promise<void>;
  close(): Promise<void>;
}

let isQuiet = false;

/** Starts simulator, database, API and one worker, in a Temporal namespace of their own. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  if (!isQuiet) Runtime.install({ logger: new DefaultLogger('ERROR') });
  isQuiet = true;
  const address = told('temporalAddress');
  const connection = await Connection.connect({ address });
  const namespace = await makeNamespace(connection);
  const database = await createTestDatabase({ maxConnections: 30 });
  const simulator = await startSimulator({ users: 60, seed: 7, ...options.simulator });
  const bent = options.bend
    ? await startBentWebex({ upstream: simulator.url, bend: options.bend })
    : null;
  const { token, hashLine } = mintToken('tester', 'admin');
  const env = {
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    WEBEX_BASE_URL: bent?.url ?? simulator.url,
    WEBEX_ACCESS_TOKEN: simulator.adminToken,
    WEBEX_WRITES_PER_SECOND: '200',
    WEBEX_CONFIRM_AFTER_SECONDS: '0.3',
    SEATWISE_TOKENS: hashLine,
    LOG_LEVEL: 'error',
    ...options.env,
  };
  const config = parseConfig(env);
  const logger = createLogger({ name: 'test', level: config.logLevel });
  const api = await serveApi({
    config,
    db: database.db,
    logger,
    temporalAddress: address,
    temporalUiUrl: null,
    tokens: config.tokens,
    host: '127.0.0.1',
    port: 0,
    isLocal: true,
  });
  const workers: RunningWorker[] = [];
  const start = async () => {
    const metrics = createWorkerMetrics();
    const { db } = database;
    const webex = webexFromConfig({ config, db, logger, metrics });
    const limits = options.limits ? { limits: options.limits } : {};
    const isWatching = options.isWatching ?? false;
    const settings = { isWatching, ...limits };
    const input = { config, logger, db, webex, temporal: { address }, metrics, ...settings };
    const worker = await startWorker({ ...input, workflowBundle: workflowBundle() });
    workers.push(worker);
    return worker;
  };
  const stop = async () => {
    for (const worker of workers.splice(0)) await worker.stop();
  };
  if (options.hasWorker ?? true) await start();
  return {
    config,
    env,
    database,
    simulator,
    bent,
    client: new Client({ connection, namespace }),
    apiUrl: api.url,
    token,
    namespace,
    startWorker: start,
    stopWorkers: stop,
    async close() {
      await stop();
      await api.close();
      await bent?.close();
      await simulator.close();
      await connection.close();
      await database.drop();
    },
  };
}

/** A namespace per world keeps worlds that run side by side out of each other's task queues. */
async function makeNamespace(connection: Connection): Promise<string> {
  const namespace = `test-${randomUUID()}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  const endAt = Date.now() + 60_000;
  while (Date.now() < endAt) {
    try {
      await connection.operatorService.listSearchAttributes({ namespace });
      await connection.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: 'probe' },
        taskQueueType: temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
      });
      return namespace;
    } catch {
      await delay(100);
    }
  }
  throw new Error('The namespace did not come up');
}

/** Call it once after the last world of a file: jest would not exit otherwise. */
export async function closeRuntime(): Promise<void> {
  await Runtime.instance().shutdown();
}
