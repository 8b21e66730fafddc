import { WebexError } from '../port/webex';

/** One limit over everything that a call takes: its token, its request, its repetition after a 401. */
export interface TimeLimit {
  /** Milliseconds that are left, above 0. Throws `unavailable` when the time is over. */
  leftMs(): number;
  /** The result of `work`, or `unavailable` when the time is over first; nothing was sent by then. */
  within<T>(work: Promise<T>): Promise<T>;
}

/**
 * Whoever waits for a write counts on it being over after this time: a write that is sent later, when
 * a token was slow to come, could begin after a pause was answered.
 */
export function startTimeLimit(operation: string, limitMs: number): TimeLimit {
  const endsAt = performance.now() + limitMs;
  const over = () => {
    const message = `${operation}: not sent within ${limitMs} ms: waited for a token`;
    return new WebexError('unavailable', message, { operation, outcomeUnknown: false });
  };
  const leftMs = () => {
    const left = endsAt - performance.now();
    if (left <= 0) throw over();
    return left;
  };
  return {
    leftMs,
    within: (work) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(over()), Math.max(0, endsAt - performance.now()));
        work.then(resolve, reject).finally(() => clearTimeout(timer));
      }),
  };
}
