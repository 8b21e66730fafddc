import { pause } from './pause';
import { WebexError, type WebexErrorKind } from '../port/webex';
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
  /** Called before each wait, so that a slow read doesn't count as dead. */
  onWait?: (() => void) | undefined;
  /** Repeat 401 and 403 too: they may pass. */
  repeatsRefusals?: boolean;
}

export type RetryRead = <T>(
  call: RetryCall,
  attempt: (overloads: number) => Promise<T>,
) => Promise<T>;

const firstDelayMs = 500;
const longestDelayMs = 15_000;
/** 401 and 403 are lost rights only after so many repetitions: at least 15 seconds. */
const refusalRepeats = 6;
/** An answer that isn't JSON, or lacks what it must have, is repeated so often. */
const unreadableRepeats = 3;

/**
 * Makes the function that repeats reads while that can help and time is left.
 *
 * | error                              | repeated                                    |
 * |------------------------------------|---------------------------------------------|
 * | `throttled`, `unavailable`         | while time is left                          |
 * | `contract` (a page of HTML, say)   | 3 times: a gateway that is ill may recover  |
 * | `forbidden`                        | 6 times, where `repeatsRefusals`            |
 * | any other                          | never                                       |
 *
 * It waits as long as Webex asks for (`Retry-After`), otherwise with doubling delays and jitter. If the
 * wait would end after the time limit, the error is thrown immediately; its `retryAfterMs` says when to
 * try again. `attempt` gets the number of failures that smaller pages may avoid.
 */
export function createRetry(options: RetryOptions): RetryRead {
  return async (call, attempt) => {
    const endsAt = options.now() + options.totalMs;
    let overloads = 0;
    const repeats: Partial<Record<WebexErrorKind, number>> = {};
    for (let failures = 0; ; failures += 1) {
      try {
        return await attempt(overloads);
      } catch (error) {
        if (!(error instanceof WebexError)) throw error;
        const repeated = repeats[error.kind] ?? 0;
        if (repeated >= mostRepeats(error, call)) throw error;
        repeats[error.kind] = repeated + 1;
        const asked = error.context.retryAfterMs;
        const ceilingMs = Math.min(longestDelayMs, firstDelayMs * 2 ** failures);
        // Never before the time that Webex asked for; a random bit later, so that callers spread out.
        const delayMs = Math.round((asked ?? ceilingMs / 2) + (options.random() * ceilingMs) / 2);
        if (options.now() + delayMs > endsAt) throw error;
        const { status, trackingId } = error.context;
        if (isOverload(error)) overloads += 1;
        const { operation } = call;
        options.logger?.warn(
          { operation, status, trackingId, delayMs, failures: failures + 1 },
          'a read of Webex failed and will be repeated',
        );
        call.onWait?.();
        await pause(delayMs, call);
      }
    }
  };
}

function mostRepeats(error: WebexError, { repeatsRefusals = false }: RetryCall): number {
  if (error.kind === 'contract') return unreadableRepeats;
  if (error.kind === 'forbidden') return repeatsRefusals ? refusalRepeats : 0;
  return error.retryable ? Infinity : 0;
}

/** A gateway's time-out, or no answer at all: smaller pages may help. */
function isOverload({ kind, context: { status } }: WebexError): boolean {
  return kind === 'unavailable' && (status === undefined || status === 502 || status === 504);
}
