import { addAbortListener } from 'node:events';
import { WebexError } from '../port/webex';

/**
 * The result of `work`, or a WebexError `aborted` as soon as the signal aborts. `work` itself continues:
 * only this caller stops waiting for it.
 */
export function orAborted<T>(
  work: Promise<T>,
  { operation, signal }: { operation: string; signal: AbortSignal | undefined },
): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const listening = addAbortListener(signal, () =>
      reject(new WebexError('aborted', `${operation}: cancelled`, { operation })),
    );
    work.then(resolve, reject).finally(() => listening[Symbol.dispose]());
  });
}
