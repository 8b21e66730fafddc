import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** Runs one of `bench/processes`, which sends one message and ends, and returns the message. */
export async function askProcess<Message>(
  name: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<Message> {
  const entry = path.join(__dirname, '..', 'processes', name);
  const child = fork(entry, args, { execArgv: ['-r', 'tsx/cjs'], signal });
  const [message] = (await once(child, 'message', { signal })) as [Message];
  if (child.exitCode === null) await once(child, 'exit');
  return message;
}
