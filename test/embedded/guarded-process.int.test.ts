import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnGuarded, waitUntilUp } from '../../src/embedded/guarded-process';
import { waitFor } from '../support/wait-for';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a guarded process', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'seatwise-guard-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A server that writes its pid to a file and then does as `body` says. */
  const server = (body: string) => ({
    command: '/bin/sh',
    args: ['-c', `echo $$ > ${folder}/pid; ${body}`],
    logFile: path.join(folder, 'log'),
  });
  const pidOf = async () => {
    const file = path.join(folder, 'pid');
    await waitFor('the pid', () => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'));
    return Number(readFileSync(file, 'utf8'));
  };

  it('stops when asked, and says when it is gone', async () => {
    const guarded = spawnGuarded(server('exec sleep 60'));
    const pid = await pidOf();
    await guarded.stop();
    expect(isAlive(pid)).toBe(false);
    expect(isAlive(guarded.pid)).toBe(false);
  });

  it('is killed when it does not want to stop', async () => {
    const guarded = spawnGuarded({
      ...server('trap "" TERM; while :; do sleep 0.1; done'),
      patienceMs: 300,
    });
    const pid = await pidOf();
    await guarded.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it('returns its exit code when it ends without being told to', async () => {
    const guarded = spawnGuarded(server('exit 3'));
    await expect(guarded.exited).resolves.toBe(3);
    const isUp = await waitUntilUp({
      server: guarded,
      probe: () => Promise.resolve(false),
      timeoutMs: 5_000,
    });
    expect(isUp).toBe(false);
    await guarded.stop();
  });

  it('does not outlive a parent that was killed', async () => {
    const module = path.resolve(__dirname, '../../src/embedded/guarded-process.ts');
    const options = JSON.stringify(server('exec sleep 60'));
    const script = `const { pid } = require(${JSON.stringify(module)}).spawnGuarded(${options});
      process.stdout.write(String(pid)); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--import', 'tsx', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const guard = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))),
    );
    const pid = await pidOf();
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await waitFor('both have ended', () => !isAlive(pid) && !isAlive(guard));
  });
});
