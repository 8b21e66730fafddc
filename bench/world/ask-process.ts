import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** Runs one of `bench/processes`, which sends one message and ends, and returns the message. */
export async function askProcess<Message>(
  name: string,
  args: readonly string[],
  signal: AbortSignal,
  env: Record<string, string> = {},
): Promise<Message> {
  const entry = path.join(__dirname, '..', 'processes', name);
  const options = { execArgv: ['-r', 'tsx/cjs'], signal, env: { ...process.env, ...env } };
  const child = fork(entry, args, options);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${name} ended with ${String(code)} and sent nothing.`);
  });
  ended.catch(() => undefined);
  const answered = once(child, 'message', { signal });
  const [message] = (await Promise.race([answered, ended])) as [Message];
  if (child.exitCode === null) await once(child, 'exit');
  return message;
}
