import { readFileSync } from 'node:fs';
import path from 'node:path';
import { spawnGuarded, waitUntilUp } from '../../src/embedded/guarded-process';

const root = path.resolve(__dirname, '..', '..');
const startTimeoutMs = 90_000;

export interface StartedProcess {
  /** Its output so far. */
  output: () => string;
  /** Resolves when it has ended, for whatever reason. */
  ended: Promise<void>;
  stop: () => Promise<void>;
}

/**
 * Runs one of our TypeScript entries in another process, which ends with this one, and waits until
 * `probe` is true. Throws with the end of its output if it doesn't start.
 */
export async function startProcess(options: {
  /** From the root of the repository: `src/bin/worker.ts`. */
  entry: string;
  args?: string[];
  env?: Record<string, string>;
  logFile: string;
  probe: () => Promise<boolean>;
}): Promise<StartedProcess> {
  const env = Object.entries(options.env ?? {}).map(([name, value]) => `${name}=${value}`);
  const node = [process.execPath, '-r', 'tsx/cjs', path.join(root, options.entry)];
  const server = spawnGuarded({
    command: '/usr/bin/env',
    args: [...env, ...node, ...(options.args ?? [])],
    logFile: options.logFile,
    patienceMs: 12_000,
    cwd: root,
  });
  const output = () => readFileSync(options.logFile, 'utf8');
  const isUp = await waitUntilUp({ server, probe: options.probe, timeoutMs: startTimeoutMs });
  if (!isUp) {
    await server.stop();
    throw new Error(`${options.entry} did not start: ${output().trim().slice(-600)}`);
  }
  const ended = server.exited.then(() => undefined);
  return { output, ended, stop: () => server.stop() };
}

/** A probe for processes that serve HTTP. */
export async function answers(url: string): Promise<boolean> {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.ok;
}
