import type { z } from 'zod';
import type { RetryRead } from './retry-reads';
import type { Answer, Call, Send } from './send-call';
import type { ReadOptions } from '../port/webex';

/** A GET that is repeated while that can help, as `createRetry` decides. */
export type Read = <Schema extends z.ZodType>(
  call: Omit<Call<Schema>, 'method' | 'signal' | 'body'> & {
    /** Ask for smaller pages (`max`) after time-outs and 502 or 504, as Webex advises. */
    canShrink?: boolean;
  },
  options: ReadProgress,
) => Promise<Answer<z.output<Schema>>>;

const smallestPage = 50;

/** The progress of a read of many pages; `report` passes it on to the caller. */
export interface ReadProgress {
  signal: AbortSignal | undefined;
  /** `more`: users read since the last report. */
  report: (more: number) => void;
}

/** Counts users over the pages of one read, and reports them as the caller asked. */
export function trackProgress(options: ReadOptions | undefined): ReadProgress {
  let count = 0;
  return {
    signal: options?.signal,
    report: (more) => {
      count += more;
      options?.onPage?.(count);
    },
  };
}

export function createRead(send: Send, retry: RetryRead): Read {
  return (call, progress) =>
    retry(
      { operation: call.operation, signal: progress.signal, onWait: () => progress.report(0) },
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
