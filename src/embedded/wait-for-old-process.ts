import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from './run-command';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Process ids are reused: only a process with our folder in its command line is the one we mean. */
async function isOurs(pid: number, mark: string): Promise<boolean> {
  const args = ['-ww', '-o', 'command=', '-p', String(pid)];
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').includes(mark);
  } catch {
    const result = await runCommand('ps', args, { timeoutMs: 5_000 });
    return result.code === 0 && result.output.includes(mark);
  }
}

/**
 * Waits for a server of an earlier, killed process of ours, which its guard is stopping. Kills it if it
 * still runs after `patienceMs`. `mark` is a part of its command line.
 */
export async function waitForOldProcess(
  pidFile: string,
  mark: string,
  patienceMs = 10_000,
): Promise<void> {
  let pid: number;
  try {
    pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  } catch {
    return;
  }
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid) || !(await isOurs(pid, mark))) return;
  const deadline = performance.now() + patienceMs;
  while (isAlive(pid) && performance.now() < deadline) await sleep(100);
  if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  while (isAlive(pid)) await sleep(20);
}
