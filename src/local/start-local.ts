import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { mintToken, hashToken } from '../api/http/callers/tokens';
import type { Config } from '../config/config';
import { openDatabase } from '../db/connect';
import { countMirroredUsers } from '../db/directory/organizations';
import { migrateDatabase } from '../db/migrate';
import type { OnProgress } from '../embedded/on-progress';
import { createLogger, type Logger } from '../logger';
import { RepeatedLines } from '../repeated-lines';
import { serveApi } from '../process/serve-api';
import { createWorkerMetrics } from '../worker/metrics';
import { startWorker } from '../worker/start-worker';
import { webexFromConfig } from '../worker/webex-from-config';
import { openDataFolder } from './open-data-folder';
import { readSecrets } from './read-secrets';
import { startServers, type SimulatorChoice, type ServersOptions } from './start-servers';
import { StopList } from './stop-list';
import { installRuntime, temporalLogger } from '../process/temporal-runtime';
import { cachedWorkflowBundle } from './cached-workflow-bundle';

export interface LocalOptions {
  config: Config;
  folder: string;
  simulator: Omit<SimulatorChoice, 'token'>;
  preferredPorts: ServersOptions['preferredPorts'];
  onProgress: OnProgress;
}

/** A complete Seatwise that runs in this process, and what a person needs to use it. */
export interface Local {
  apiUrl: string;
  token: string;
  /** File with the token. */
  tokenFile: string;
  isNewToken: boolean;
  temporalUiUrl: string | null;
  simulatorUrl: string | null;
  /** Users that the first read of the directory has stored so far. */
  usersRead(): Promise<number>;
  logFile: string;
  stop(): Promise<void>;
}

function fileLogger(logs: string, level: Config['logLevel']): { logger: Logger; logFile: string } {
  const logFile = path.join(logs, 'seatwise.log');
  const destination = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  return { logger: createLogger({ name: 'seatwise', level, destination }), logFile };
}

/**
 * Starts servers, API and worker in one process. Throws `ErrorForPeople` if a person must act. If it
 * fails, it first stops what it has started.
 */
export async function startLocal(options: LocalOptions): Promise<Local> {
  const { config } = options;
  const folder = await openDataFolder(options.folder);
  const { logger, logFile } = fileLogger(folder.logs, config.logLevel);
  const stops = new StopList(logger);
  stops.add('the folder lock', () => folder.lock.release());
  try {
    const started = await startParts({ ...options, folder: folder.path, logger, stops });
    return { ...started, logFile, stop: () => stops.stopAll() };
  } catch (error) {
    await stops.stopAll();
    throw error;
  }
}

async function startParts(
  options: LocalOptions & { logger: Logger; stops: StopList },
): Promise<Omit<Local, 'stop' | 'logFile'>> {
  const { config, folder, logger, stops, onProgress } = options;
  const secrets = readSecrets(folder, () => mintToken('local', 'admin').token);
  installRuntime(logger);
  const [servers, workflowBundle] = await Promise.all([
    startServers({
      ...options,
      simulator: { ...options.simulator, token: secrets.simulatorToken },
    }),
    cachedWorkflowBundle(temporalLogger(logger)),
  ]);
  const lines = new RepeatedLines(logger);
  const db = openDatabase(servers.databaseUrl, {
    onIdleError: (error) => lines.log('warn', { err: error }, 'a database connection was lost'),
  });
  stops.add('the database connections', () => db.$client.end());
  onProgress('Updating the database schema …');
  await migrateDatabase(db);
  const api = await serveApi({
    config,
    db,
    logger: logger.child({ part: 'api' }),
    temporalAddress: servers.temporalAddress,
    temporalUiUrl: servers.temporalUiUrl,
    tokens: [...config.tokens, { hash: hashToken(secrets.apiToken), name: 'local', role: 'admin' }],
    host: config.host,
    port: config.port,
    isLocal: true,
  });
  stops.add('the API', api.close);
  const ofWorker = {
    config: atSimulator(config, servers.simulatorUrl, secrets.simulatorToken),
    db,
    logger: logger.child({ part: 'worker' }),
    metrics: createWorkerMetrics(),
  };
  const worker = await startWorker({
    ...ofWorker,
    webex: webexFromConfig(ofWorker),
    temporal: { address: servers.temporalAddress },
    workflowBundle,
  });
  stops.add('the worker', () => worker.stop());
  return {
    apiUrl: api.url,
    token: secrets.apiToken,
    tokenFile: secrets.file,
    isNewToken: secrets.isNew,
    temporalUiUrl: servers.temporalUiUrl,
    simulatorUrl: servers.simulatorUrl,
    usersRead: () => countMirroredUsers(db),
  };
}

/** With the simulator, the worker uses the simulator's token and never the one of the real Webex. */
function atSimulator(config: Config, simulatorUrl: string | null, token: string): Config {
  if (simulatorUrl === null) return config;
  return {
    ...config,
    webex: {
      ...config.webex,
      baseUrl: simulatorUrl,
      credential: { kind: 'token', accessToken: token },
    },
  };
}
