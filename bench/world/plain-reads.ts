import type { PlainReads } from '../processes/plain-reads';
import { askProcess } from './ask-process';
import type { World } from './start-world';

/** All lists of Webex, read by the client of the worker in a process of the same kind that stores nothing. */
export async function readPlainly(
  { env }: Pick<World, 'env'>,
  signal: AbortSignal,
  heapLimit: string | null = null,
): Promise<PlainReads> {
  const limited = heapLimit === null ? {} : { NODE_OPTIONS: heapLimit };
  return await askProcess<PlainReads>('plain-reads.ts', [], signal, { ...env, ...limited });
}
