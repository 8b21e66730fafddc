import { WebexError } from '../port/webex';
import type { WebexLogger } from '../port/webex-logger';

export interface RetryOptions {
  /** Longest time from the first attempt to the start of the last. */
  totalMs: number;
  now: () => number;
  /** 0 ≤ x < 1. */
  random: () => number;
  logger: WebexLogger | undefined;
}

export interface RetryCall {
  operation: string;
  signal: AbortSignal | undefined;
  /** Called before each wait: it is alive, only slow. */
  onWait?: (() => void) | undefined;
}

export type RetryRead = <T>(
  call: RetryCall,
  attempt: (overloads: number) => Promise<T>,
) => Promise<T>;

const firstDelayMs = 500;
const longestDelayMs = 15_000;

/**
 * Makes the function that repeats reads while that can help and time is left: as long as Webex asks
 * for (`Retry-After`), else doubling delays with jitter. Where the wait would end after the time
 * limit, the error is thrown at once: its `retryAfterMs` tells the caller when. `attempt` is told how
 * often the request seems to have been too much for Webex.
 */
export function createRetry(options: RetryOptions): RetryRead {
  return async (call, attempt) => {
    const endsAt = options.now() + options.totalMs;
    let overloads = 0;
    for (let failures = 0; ; failures += 1) {
      try {
        return await attempt(overloads);
      } catch (error) {
        if (!(error instanceof WebexError) || !error.retryable) throw error;
        const asked = error.context.retryAfterMs;
        const ceilingMs = Math.min(longestDelayMs, firstDelayMs * 2 ** failures);
        // Never before the time that Webex asked for; a little after, so that not all come at once.
        const delayMs = Math.round((asked ?? ceilingMs / 2) + (options.random() * ceilingMs) / 2);
        if (options.now() + delayMs > endsAt) throw error;
        const { status, trackingId } = error.context;
        if (isOverload(error)) overloads += 1;
        const { operation } = call;
        options.logger?.warn(
          { operation, status, trackingId, delayMs, failures: failures + 1 },
          'webex read failed, trying again',
        );
        call.onWait?.();
        await wait(delayMs, call);
      }
    }
  };
}

/** A gateway that gave up, or no answer at all: smaller pages may help. */
function isOverload({ kind, context: { status } }: WebexError): boolean {
  return kind === 'unavailable' && (status === undefined || status === 502 || status === 504);
}

function wait(delayMs: number, call: RetryCall): Promise<void> {
  const { operation, signal } = call;
  const cancelled = () => new WebexError('aborted', `${operation}: cancelled`, { operation });
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(cancelled());
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(cancelled());
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
