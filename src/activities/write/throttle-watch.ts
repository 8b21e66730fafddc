/** Writes of others between two 429 of one user: the organization may be written. */
const othersWritten = 3;
/** Where nobody else is written, a user is given up after so many 429 … */
const longestRow = 20;
/** … over this time: until then it may be the organization. */
const patienceMs = 60 * 60_000;
/** Users kept in mind; the oldest are forgotten. */
const mostUsers = 1_000;

/** Tells a user whom Webex never lets be written from an organization that is written too fast (R97). */
export interface ThrottleWatch {
  /** A write of this user was answered: the organization may be written. */
  worked(personId: string): void;
  /** Whether this 429 is about its user, and no reason for others to wait. */
  isAboutUser(personId: string, nowMs?: number): boolean;
}

/**
 * A first 429 concerns the organization. Once its wait is over and others were written, a second one for
 * the same user concerns that user. Each worker counts for itself.
 */
export function createThrottleWatch(): ThrottleWatch {
  const throttled = new Map<string, { written: number; times: number; sinceMs: number }>();
  let written = 0;

  return {
    worked(personId) {
      written += 1;
      throttled.delete(personId);
    },

    isAboutUser(personId, nowMs = performance.now()) {
      const last = throttled.get(personId);
      const { times, sinceMs } = last ?? { times: 0, sinceMs: nowMs };
      throttled.delete(personId);
      throttled.set(personId, { written, times: times + 1, sinceMs });
      const [oldest] = throttled.keys();
      if (throttled.size > mostUsers && oldest !== undefined) throttled.delete(oldest);
      if (!last) return false;
      const isTooLong = times >= longestRow && nowMs - sinceMs >= patienceMs;
      return isTooLong || written - last.written >= othersWritten;
    },
  };
}
