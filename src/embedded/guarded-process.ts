import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface GuardedProcess {
  /** Of the guard; the server is its child. */
  pid: number;
  /** Resolves with the exit code when server and guard have ended. */
  exited: Promise<number>;
  /** Asks the server to end, kills it if it doesn't, and waits until it has ended. */
  stop(): Promise<void>;
}

/**
 * The guard: a shell that holds the read end of a pipe whose other end only our process has. The
 * pipe breaks when we close it and when we are killed. In both cases the server gets its signal, and
 * SIGKILL if that isn't enough.
 *
 * `$1` is the signal, `$2` tenths of a second until SIGKILL, the rest is the command. Once the pipe is
 * broken, the watcher ignores TERM: killed during its sleep, it would leave that process behind. The
 * guard waits for all children, because not every container has an init that reaps them.
 */
const guardScript = `
signal=$1; patience=$2; shift 2
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
{
  while read -r line <&3; do :; done
  trap '' TERM
  kill -"$signal" $child 2>/dev/null
  n=0
  while kill -0 $child 2>/dev/null && [ $n -lt $patience ]; do sleep 0.1; n=$((n + 1)); done
  kill -0 $child 2>/dev/null && kill -KILL $child 2>/dev/null
} &
watcher=$!
exec 3<&-
wait $child
code=$?
kill -TERM $watcher 2>/dev/null
wait $watcher
exit $code
`;

/**
 * Starts a server that ends with this process, however this process ends. The server gets its own
 * session: a Ctrl-C in the terminal reaches only us, and we decide the order of stopping.
 */
export function spawnGuarded(options: {
  command: string;
  args: string[];
  logFile: string;
  stopSignal?: 'TERM' | 'INT';
  patienceMs?: number;
  cwd?: string;
  user?: { uid: number; gid: number } | undefined;
}): GuardedProcess {
  const log = openSync(options.logFile, 'a', 0o600);
  const patience = Math.ceil((options.patienceMs ?? 5_000) / 100);
  const guard = spawn(
    '/bin/sh',
    [
      '-c',
      guardScript,
      'seatwise-guard',
      options.stopSignal ?? 'TERM',
      String(patience),
      options.command,
      ...options.args,
    ],
    { stdio: ['pipe', log, log], detached: true, cwd: options.cwd, ...options.user },
  );
  closeSync(log);
  const exited = new Promise<number>((resolve) => {
    guard.once('error', () => resolve(127));
    guard.once('exit', (code) => resolve(code ?? 1));
  });
  // A server that ended earlier breaks the pipe: `exited` reports that.
  guard.stdin?.on('error', () => undefined);
  guard.unref();
  return {
    pid: guard.pid ?? -1,
    exited,
    stop: async () => {
      guard.stdin?.end();
      guard.ref();
      await exited;
    },
  };
}

/** True as soon as `probe` is true; false if the server ends or the time is over. */
export async function waitUntilUp(options: {
  server: GuardedProcess;
  probe: () => Promise<boolean>;
  timeoutMs: number;
}): Promise<boolean> {
  const ended = options.server.exited.then(() => 'ended' as const);
  const deadline = performance.now() + options.timeoutMs;
  while (performance.now() < deadline) {
    const answer = await Promise.race([options.probe().catch(() => false), ended]);
    if (answer === 'ended') return false;
    if (answer) return true;
    await sleep(50);
  }
  return false;
}
