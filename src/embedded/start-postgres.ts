import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { findPostgres } from './find-postgres';
import { onFreePorts } from './free-port';
import { spawnGuarded, waitUntilUp } from './guarded-process';
import { waitForOldProcess } from './wait-for-old-process';
import { postgresUser, type RunAs } from './postgres-user';
import { runCommand } from './run-command';
import type { OnProgress } from './on-progress';

export interface EmbeddedPostgres {
  /** URL of the database `seatwise`. */
  url: string;
  port: number;
  stop: () => Promise<void>;
}

interface Options {
  /** Created if missing; holds `postgres/`, its password and its log. */
  folder: string;
  port?: number;
  /** False gives up durability for speed, for data that may be lost. */
  isDurable?: boolean;
  onProgress?: OnProgress | undefined;
}

const user = 'seatwise';
const database = 'seatwise';
const startTimeoutMs = 60_000;

function passwordOf(folder: string): string {
  const file = path.join(folder, 'postgres-password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

/** Removes the rest of an interrupted attempt first: only a whole folder has `postgres-complete`. */
async function initialise(data: string, folder: string, bin: string, runAs: RunAs): Promise<void> {
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const passwordFile = path.join(folder, `initdb-${randomBytes(6).toString('hex')}`);
  writeFileSync(passwordFile, passwordOf(folder), { mode: 0o600 });
  if (runAs.owner) {
    chownSync(data, runAs.owner.uid, runAs.owner.gid);
    chownSync(passwordFile, runAs.owner.uid, runAs.owner.gid);
  }
  const options = ['--auth=scram-sha-256', `--username=${user}`, `--pwfile=${passwordFile}`];
  const locale = ['--encoding=UTF8', '--no-locale', '--no-sync'];
  const command = [...runAs.prefix, path.join(bin, 'initdb'), '-D', data, ...options, ...locale];
  try {
    const [program = '', ...args] = command;
    const result = await runCommand(program, args, {
      timeoutMs: 120_000,
      user: runAs.user,
      cwd: '/',
    });
    if (result.code !== 0) {
      throw new Error(`PostgreSQL could not create its data folder: ${lastLine(result.output)}`);
    }
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

function settings(port: number, isDurable: boolean): string[] {
  const values: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    log_min_messages: 'warning',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    max_wal_size: '2GB',
    ...(isDurable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Whether the server accepts connections; creates our database the first time. */
async function makeDatabase(adminUrl: string): Promise<boolean> {
  const client = new Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${database}`);
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Starts PostgreSQL 16 on loopback with its own data folder, and waits until it answers. Waits first
 * for the server of a killed process on the same folder to end. Throws `ErrorForPeople`.
 */
export async function startPostgres(options: Options): Promise<EmbeddedPostgres> {
  const bin = findPostgres();
  const folder = path.resolve(options.folder);
  const data = path.join(folder, 'postgres');
  mkdirSync(folder, { recursive: true });
  const runAs = await postgresUser([folder, bin]);
  await waitForOldProcess(path.join(data, 'postmaster.pid'), data);
  const complete = path.join(folder, 'postgres-complete');
  if (!existsSync(complete)) {
    options.onProgress?.('Creating the database folder (once) …');
    await initialise(data, folder, bin, runAs);
    writeFileSync(complete, '');
  }
  chmodSync(data, 0o700);
  return await onFreePorts([options.port ?? 0], ([port = 0]) =>
    serve({ bin, folder, data, runAs, port, isDurable: options.isDurable ?? true }),
  );
}

async function serve(input: {
  bin: string;
  folder: string;
  data: string;
  runAs: RunAs;
  port: number;
  isDurable: boolean;
}): Promise<EmbeddedPostgres> {
  const { bin, folder, data, runAs, port, isDurable } = input;
  const logFile = path.join(folder, 'postgres.log');
  const postgres = path.join(bin, 'postgres');
  const [command, ...args] = [...runAs.prefix, postgres, '-D', data];
  const server = spawnGuarded({
    command,
    args: [...args, ...settings(port, isDurable)],
    logFile,
    stopSignal: 'INT',
    patienceMs: 8_000,
    cwd: '/',
    user: runAs.user,
  });
  const base = `postgres://${user}:${passwordOf(folder)}@127.0.0.1:${String(port)}`;
  const isUp = await waitUntilUp({
    server,
    probe: () => makeDatabase(`${base}/postgres`),
    timeoutMs: startTimeoutMs,
  });
  if (!isUp) {
    await server.stop();
    const reason = lastLine(readFileSync(logFile, 'utf8')) || 'its log is empty';
    throw new Error(`PostgreSQL did not start: ${reason} (${logFile}).`);
  }
  return { url: `${base}/${database}`, port, stop: () => server.stop() };
}
