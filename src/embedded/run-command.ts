import { spawn } from 'node:child_process';

export interface CommandResult {
  /** Null if the program couldn't be started or was killed. */
  code: number | null;
  output: string;
}

/** Runs a program to its end and collects its output (the last 20,000 characters). */
export function runCommand(
  command: string,
  args: string[],
  options: { timeoutMs: number; user?: { uid: number; gid: number } | undefined; cwd?: string },
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: options.cwd,
      // Not `timeout`: its timer keeps running if the program can't be started.
      signal: AbortSignal.timeout(options.timeoutMs),
      killSignal: 'SIGKILL',
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
