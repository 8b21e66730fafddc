import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { onFreePorts } from './free-port';
import { spawnGuarded, waitUntilUp } from './guarded-process';
import { waitForOldProcess } from './wait-for-old-process';

export interface EmbeddedTemporal {
  /** host:port of the frontend. */
  address: string;
  /** Null if it runs without its UI. */
  uiUrl: string | null;
  stop: () => Promise<void>;
}

interface Options {
  /** Path of the Temporal CLI, from `findTemporal`. */
  cliPath: string;
  /** Holds the log and, with `keepsData`, the database. */
  folder: string;
  keepsData: boolean;
  port?: number;
  /** Null: no UI. */
  uiPort?: number | null;
  namespace?: string;
  /** Registered in the namespace. Types as in the SDK: `KEYWORD`, `INT`. */
  searchAttributes: readonly { name: string; type: string }[];
}

/** `KEYWORD_LIST` as the CLI spells it: `KeywordList`. */
function cliType(type: string): string {
  return type.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, first: string) => first.toUpperCase());
}

/** A task queue's rate is divided by its partitions: with one, a slow pace is kept exactly. */
const dynamicConfig = {
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
};

const startTimeoutMs = 60_000;

/** Three times faster. A power cut may lose the last moments of local mode; a kill loses nothing. */
const pragmas = ['journal_mode=WAL', 'synchronous=OFF'];

async function isServing(address: string, namespace: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  try {
    await connection.workflowService.describeNamespace({ namespace });
    return true;
  } finally {
    await connection.close();
  }
}

/** Starts `temporal server start-dev` on loopback and waits until its namespace answers. */
export async function startTemporal(options: Options): Promise<EmbeddedTemporal> {
  const folder = path.join(path.resolve(options.folder), 'temporal');
  // Histories name users and their changes: only the owner may read them.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pidFile = path.join(folder, 'temporal.pid');
  await waitForOldProcess(pidFile, path.join(folder, 'temporal.db'));
  const preferred = [options.port ?? 0, options.uiPort ?? 0, 0, 0];
  return await onFreePorts(preferred, (ports) => serve(options, folder, pidFile, ports));
}

async function serve(
  options: Options,
  folder: string,
  pidFile: string,
  [port = 0, uiPort = 0, httpPort = 0, metricsPort = 0]: number[],
): Promise<EmbeddedTemporal> {
  const namespace = options.namespace ?? 'default';
  const logFile = path.join(folder, 'temporal.log');
  const hasUi = options.uiPort !== null;
  const flags: (string | number)[][] = [
    ['--ip', '127.0.0.1'],
    ['--port', port],
    ['--http-port', httpPort],
    ['--metrics-port', metricsPort],
    ['--namespace', namespace],
    ['--log-level', 'error'],
    hasUi
      ? ['--ui-port', uiPort, '--ui-ip', '127.0.0.1', '--ui-disable-news-fetch']
      : ['--headless'],
    ...storageFlags(options, folder),
  ];
  const server = spawnGuarded({
    command: options.cliPath,
    args: ['server', 'start-dev', ...flags.flat().map(String)],
    logFile,
    patienceMs: 5_000,
  });
  writeFileSync(pidFile, String(server.pid));
  const address = `127.0.0.1:${String(port)}`;
  const isUp = await waitUntilUp({
    server,
    probe: () => isServing(address, namespace),
    timeoutMs: startTimeoutMs,
  });
  if (!isUp) {
    await server.stop();
    const lastLine = existsSync(logFile)
      ? readFileSync(logFile, 'utf8').trim().split('\n').at(-1)
      : '';
    throw new Error(`The Temporal server did not start: ${lastLine ?? ''} (${logFile}).`);
  }
  const stop = async () => {
    await server.stop();
    rmSync(pidFile, { force: true });
  };
  return { address, uiUrl: hasUi ? `http://127.0.0.1:${String(uiPort)}` : null, stop };
}

function storageFlags({ keepsData, searchAttributes }: Options, folder: string): string[][] {
  return [
    keepsData ? ['--db-filename', path.join(folder, 'temporal.db')] : [],
    ...(keepsData ? pragmas.map((pragma) => ['--sqlite-pragma', pragma]) : []),
    ...searchAttributes.map(({ name, type }) => ['--search-attribute', `${name}=${cliType(type)}`]),
    ...Object.entries(dynamicConfig).map(([k, v]) => ['--dynamic-config-value', `${k}=${v}`]),
  ];
}
