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
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
      cwd: options.cwd,
      ...options.user,
    });
    let output = '';
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-20_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}
