import type { z } from 'zod';
import type { RetryRead } from './retry-reads';
import type { Answer, Call, Send } from './send-call';
import type { ReadOptions } from './webex';

/** A GET that is repeated while that can help. */
export type Read = <Schema extends z.ZodType>(
  call: Omit<Call<Schema>, 'method' | 'signal' | 'body'>,
  options: Progress,
) => Promise<Answer<z.output<Schema>>>;

/** How far a read of many pages has come; `tell` says it to the caller. */
export interface Progress {
  signal: AbortSignal | undefined;
  tell: (more: number) => void;
}

/** Counts users over the pages of one read, and reports them as the caller asked. */
export function trackProgress(options: ReadOptions | undefined): Progress {
  let count = 0;
  return {
    signal: options?.signal,
    tell: (more) => {
      count += more;
      options?.onPage?.(count);
    },
  };
}

export function createRead(send: Send, retry: RetryRead): Read {
  return (call, progress) =>
    retry(
      { operation: call.operation, signal: progress.signal, onWait: () => progress.tell(0) },
      () => send({ ...call, method: 'GET', signal: progress.signal }),
    );
}
