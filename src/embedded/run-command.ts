import { spawn } from 'node:child_process';

export interface CommandResult {
  /** Null when it couldn't be started or was killed. */
  code: number | null;
  output: string;
}

/** Runs a program to its end and collects what it said (the last 20,000 characters). */
export function runCommand(
  command: string,
  args: string[],
  options: { timeoutMs: number; user?: { uid: number; gid: number } | undefined; cwd?: string },
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: options.cwd,
      ...options.user,
    });
    // Not spawn's own `timeout`: its timer goes on running when the program can't be started.
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
    const finish = (result: CommandResult) => {
      clearTimeout(timer);
      resolve(result);
    };
    let output = '';
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-20_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => finish({ code: null, output: error.message }));
    child.once('close', (code) => finish({ code, output }));
  });
}
