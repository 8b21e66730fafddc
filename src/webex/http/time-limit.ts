import { WebexError } from '../port/webex';

/** One time limit for a whole call: its token, its request and its repetition after a 401. */
export interface TimeLimit {
  /** Remaining milliseconds, above 0. Throws `unavailable` when the time is over. */
  leftMs(): number;
  /** The result of `work`. Throws `unavailable` if the time is over first; nothing was sent then. */
  within<T>(work: Promise<T>): Promise<T>;
}

/**
 * Callers rely on a write being over after this time. A write that had to wait for its token and was
 * sent later could begin after a pause has been confirmed.
 */
export function startTimeLimit(operation: string, limitMs: number): TimeLimit {
  const endsAt = performance.now() + limitMs;
  const over = () => {
    const message = `${operation}: not sent within ${limitMs} ms because no token was available`;
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
