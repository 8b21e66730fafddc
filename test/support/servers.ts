/** The servers of one jest run: started by the first project that needs them, stopped once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseConfig } from '../../src/config/config';
import { searchAttributes } from '../../src/contract/search-attributes';
import { openDatabase } from '../../src/db/connect';
import { migrateDatabase } from '../../src/db/migrate';
import { findTemporal } from '../../src/embedded/find-temporal';
import { findTestServer } from '../../src/embedded/find-test-server';
import { startPostgres } from '../../src/embedded/start-postgres';
import { startTemporal } from '../../src/embedded/start-temporal';
import { publish } from './environment';
import { buildWorkflowBundle } from './workflow-bundle';

interface Running {
  folder: string;
  stops: (() => Promise<void>)[];
  hasDatabase: boolean;
  hasTemporal: boolean;
}

/** Setups and teardowns of the projects are loaded apart but run in one process. */
const key = Symbol.for('seatwise.test.servers');
const holder = globalThis as { [key]?: Running | undefined };

function running(): Running {
  holder[key] ??= {
    folder: mkdtempSync(path.join(tmpdir(), 'seatwise-test-')),
    stops: [],
    hasDatabase: false,
    hasTemporal: false,
  };
  return holder[key];
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** PostgreSQL with one migrated database, from which each suite gets its copy. */
export async function ensureDatabase(): Promise<void> {
  const state = running();
  if (state.hasDatabase) return;
  state.hasDatabase = true;
  const server = await startPostgres({ folder: state.folder, isDurable: false });
  state.stops.push(server.stop);
  const db = openDatabase(server.url, { maxConnections: 1 });
  await migrateDatabase(db);
  await db.$client.end();
  publish('databaseUrl', server.url);
}

/** The dev server, the program that skips time, and the workflows as one bundle. */
export async function ensureTemporal(): Promise<void> {
  const state = running();
  if (state.hasTemporal) return;
  state.hasTemporal = true;
  const { temporal } = parseConfig(process.env);
  const cliPath = await findTemporal({ configured: temporal.cliPath, onProgress: say });
  publish('temporalCliPath', cliPath);
  publish(
    'testServerPath',
    await findTestServer({ configured: temporal.testServerPath, onProgress: say }),
  );
  const server = await startTemporal({
    cliPath,
    folder: state.folder,
    keepsData: false,
    uiPort: null,
    searchAttributes,
  });
  state.stops.push(server.stop);
  publish('temporalAddress', server.address);
  publish('workflowBundle', await buildWorkflowBundle());
}

export async function stopServers(): Promise<void> {
  const state = holder[key];
  if (state === undefined) return;
  holder[key] = undefined;
  for (const stop of state.stops.reverse()) await stop();
  rmSync(state.folder, { recursive: true, force: true });
}
