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

/** Ids are used again: only a process whose command line names our folder is the one we mean. */
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
 * Waits for a server that an earlier, killed process of ours left behind: its guard is stopping it
 * just now. One that is still there after `patienceMs` is killed. `mark` is a part of its command.
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
