import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { mintToken } from '../../src/api/http/callers/tokens';
import { untilAborted } from '../../src/bin/run-entry';
import { parseConfig } from '../../src/config/config';
import { loadConfig } from '../../src/config/load-config';
import { searchAttributes } from '../../src/contract/search-attributes';
import { openDatabase, type Db } from '../../src/db/connect';
import { migrateDatabase } from '../../src/db/migrate';
import { findTemporal } from '../../src/embedded/find-temporal';
import { startPostgres } from '../../src/embedded/start-postgres';
import { startTemporal } from '../../src/embedded/start-temporal';
import { StopList } from '../../src/local/stop-list';
import { createLogger } from '../../src/logger';
import { serveApi } from '../../src/process/serve-api';
import type { SettingsInput } from '../../src/simulator/state/settings';
import type { Bench } from '../figure';
import { createRollouts, type Rollouts } from './rollouts';
import { startSimulatedWebex, type SimulatedWebex } from './simulated-webex';
import { startApiProcess, type ApiProcess } from './api-process';
import type { MeasuredProcess } from './measured-process';
import { startWorkerProcess, type WorkerKind } from './worker-process';

export interface WorldOptions {
  users: number;
  writesPerSecond: number;
  settings?: SettingsInput;
}

/** The servers of local mode, the API in this process, and workers in their own processes. */
export interface World {
  folder: string;
  webex: SimulatedWebex;
  db: Db;
  client: Client;
  /** The environment of a worker in this world. */
  env: Record<string, string>;
  rollouts: Rollouts;
  /** `env` overrides that of the world. */
  startWorker: (kind: WorkerKind, env?: Record<string, string>) => Promise<MeasuredProcess>;
  /** The API in a process of its own, with its address for what a single process has to show. */
  startApi: (env?: Record<string, string>) => Promise<ApiProcess>;
  /** A token of every role for the API. */
  token: string;
}

/** Runs `work` in a new world, and stops and removes the world afterwards in any case. */
export async function inWorld<T>(
  bench: Bench,
  options: WorldOptions,
  work: (world: World) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'seatwise-bench-'));
  const stops = new StopList(createLogger({ name: 'bench', level: 'error' }));
  try {
    const world = await startWorld(bench, options, folder, stops);
    return await Promise.race([work(world), rejectOnAbort(bench.signal)]);
  } finally {
    await stops.stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ctrl-C ends a measurement at any point; guarded processes end with this process. */
async function rejectOnAbort(signal: AbortSignal): Promise<never> {
  await untilAborted(signal);
  throw new Error('Stopped.');
}

async function startWorld(
  bench: Bench,
  options: WorldOptions,
  folder: string,
  stops: StopList,
): Promise<World> {
  const { temporal } = loadConfig();
  const cliPath = await findTemporal({ configured: temporal.cliPath, onProgress: bench.say });
  const postgres = await startPostgres({ folder, onProgress: undefined });
  stops.add('PostgreSQL', () => postgres.stop());
  const server = await startTemporal({
    cliPath,
    folder,
    keepsData: true,
    uiPort: null,
    searchAttributes,
  });
  stops.add('Temporal', () => server.stop());
  const webex = await startSimulatedWebex({ folder, name: 'simulator', users: options.users });
  stops.add('the simulator', webex.stop);
  if (options.settings) await webex.set(options.settings);
  const db = openDatabase(postgres.url);
  stops.add('the database connections', () => db.$client.end());
  await migrateDatabase(db);
  const connection = await Connection.connect({ address: server.address });
  stops.add('the connection to Temporal', () => connection.close());
  const { token, hashLine } = mintToken('bench', 'admin');
  const env = {
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: server.address,
    WEBEX_BASE_URL: webex.url,
    WEBEX_ACCESS_TOKEN: webex.token,
    WEBEX_WRITES_PER_SECOND: String(options.writesPerSecond),
    SEATWISE_TOKENS: hashLine,
    LOG_LEVEL: 'error',
  };
  const config = parseConfig(env);
  const api = await serveApi({
    config,
    db,
    logger: createLogger({ name: 'bench-api', level: 'error' }),
    temporalAddress: server.address,
    temporalUiUrl: null,
    tokens: config.tokens,
    host: '127.0.0.1',
    port: 0,
    isLocal: true,
  });
  stops.add('the API', () => api.close());
  let workers = 0;
  return {
    folder,
    webex,
    db,
    client: new Client({ connection }),
    env,
    token,
    rollouts: createRollouts({ url: api.url, token, signal: bench.signal }),
    startApi: async (other = {}) => {
      const process = await startApiProcess({ folder, env: { ...env, ...other } });
      stops.add('the API process', process.stop);
      return process;
    },
    startWorker: async (kind, other = {}) => {
      workers += 1;
      const name = `worker-${workers}`;
      const worker = await startWorkerProcess({ kind, folder, name, env: { ...env, ...other } });
      stops.add('a worker', worker.stop);
      return worker;
    },
  };
}
