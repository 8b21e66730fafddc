import type { z } from 'zod';
import type { RetryRead } from './retry-reads';
import type { Answer, Call, Send } from './send-call';
import type { ReadOptions } from '../port/webex';

/** A GET that is repeated while that can help. */
export type Read = <Schema extends z.ZodType>(
  call: Omit<Call<Schema>, 'method' | 'signal' | 'body'> & {
    /** Ask for smaller pages (`max`) after time-outs and 502 or 504, as Webex advises. */
    canShrink?: boolean;
  },
  options: Progress,
) => Promise<Answer<z.output<Schema>>>;

const smallestPage = 50;

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
      (overloads) => {
        const query = call.canShrink ? shrunk(call.query, overloads) : call.query;
        return send({ ...call, ...(query && { query }), method: 'GET', signal: progress.signal });
      },
    );
}

function shrunk(query: URLSearchParams | undefined, overloads: number) {
  const max = Number(query?.get('max'));
  if (!query || overloads === 0 || !(max > smallestPage)) return query;
  const smaller = new URLSearchParams(query);
  smaller.set('max', String(Math.max(smallestPage, Math.floor(max / 2 ** overloads))));
  return smaller;
}
