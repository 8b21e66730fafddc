import type { z } from 'zod';
import type { RetryRead } from './retry-reads';
import type { Answer, Call, Send } from './send-call';
import type { Proof, ReadOptions } from '../port/webex';

export type ReadCall<Schema extends z.ZodType> = Omit<
  Call<Schema>,
  'method' | 'signal' | 'body'
> & {
  /** Ask for smaller pages (`max`) after time-outs and 502 or 504, as Webex advises. */
  canShrink?: boolean;
  /**
   * Not every token may read this, so a 401 or 403 is an answer: `always`, or `until-allowed`, where it
   * is repeated like any other failure once it was allowed. Default: it is repeated before it counts.
   */
  mayBeRefused?: 'always' | 'until-allowed';
};

/** A GET that is repeated while that can help, as `createRetry` decides. */
export type Read = <Schema extends z.ZodType>(
  call: ReadCall<Schema>,
  options: ReadProgress,
) => Promise<Answer<z.output<Schema>>>;

const smallestPage = 50;

/** The progress of a read of many pages; `report` passes it on to the caller. */
export interface ReadProgress {
  signal: AbortSignal | undefined;
  /** `more`: users read since the last report. */
  report: (more: number) => void;
  /** What the headers of an answer say beside its body. */
  answered: (headers: Headers) => void;
  /** A list was proved complete. */
  prove: (proof: Proof) => void;
  /** See `ReadOptions`. */
  acceptShown: number | null;
  /** The wait before a list is read again for the first time; it doubles. */
  listPauseMs: number;
}

/** Counts users over the pages of one read, and reports them as the caller asked. */
export function trackProgress(options: ReadOptions | undefined, listPauseMs = 1_000): ReadProgress {
  let count = 0;
  return {
    signal: options?.signal,
    report: (more) => {
      count += more;
      options?.onPage?.(count);
    },
    answered: (headers) => {
      const date = new Date(headers.get('date') ?? '');
      if (!Number.isNaN(date.getTime())) options?.onDate?.(date);
    },
    prove: (proof) => options?.onProof?.(proof),
    acceptShown: options?.acceptShown ?? null,
    listPauseMs,
  };
}

export function createRead(send: Send, retry: RetryRead): Read {
  const allowed = new Set<string>();
  return async (call, progress) => {
    const { operation, mayBeRefused } = call;
    const answer = await retry(
      {
        operation,
        signal: progress.signal,
        onWait: () => progress.report(0),
        repeatsRefusals:
          mayBeRefused === undefined ||
          (mayBeRefused === 'until-allowed' && allowed.has(operation)),
      },
      (overloads) => {
        const query = call.canShrink ? shrunk(call.query, overloads) : call.query;
        return send({ ...call, ...(query && { query }), method: 'GET', signal: progress.signal });
      },
    );
    allowed.add(operation);
    progress.answered(answer.headers);
    return answer;
  };
}

/** Half the size per overload, in steps of 50: such a page still looks like a full one. */
function shrunk(query: URLSearchParams | undefined, overloads: number) {
  const max = Number(query?.get('max'));
  if (!query || overloads === 0 || !(max > smallestPage)) return query;
  const size = Math.floor(max / 2 ** overloads / smallestPage) * smallestPage;
  const smaller = new URLSearchParams(query);
  smaller.set('max', String(Math.max(smallestPage, size)));
  return smaller;
}
