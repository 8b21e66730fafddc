/** Writes of others between two 429 of one user: the organization may be written … */
const othersWritten = 3;
/** … if so many times more were written than got 429. */
const share = 10;
/** From the third time in a row, it is the user. */
const certain = 3;
/** Where nobody else is written, a user is given up after so many 429 … */
const longestRow = 20;
/** … over this time: until then it may be the organization. */
const patienceMs = 60 * 60_000;
/** Users kept in mind; the oldest are forgotten. */
const mostUsers = 1_000;

/**
 * Whom a 429 is about. `perhaps-user`: only this user waits, and it is no attempt yet. `user`: it is an
 * attempt that failed.
 */
export type ThrottledParty = 'organization' | 'perhaps-user' | 'user';

/** Tells a user whom Webex never lets be written from an organization that is written too fast (R97). */
export interface ThrottleWatch {
  /** A write of this user was answered: the organization may be written. */
  worked(personId: string): void;
  throttled(personId: string, nowMs?: number): ThrottledParty;
}

interface Throttled {
  /** Writes and 429 of all users until then. */
  written: number;
  refused: number;
  /** 429 in a row, and those between which others were written and hardly anybody got 429. */
  times: number;
  alone: number;
  sinceMs: number;
}

/**
 * A first 429 concerns the organization. If others are written after it and the same user alone gets 429
 * again, it concerns that user. Each worker counts for itself.
 */
export function createThrottleWatch(): ThrottleWatch {
  const users = new Map<string, Throttled>();
  let written = 0;
  let refused = 0;

  function isAlone(last: Throttled): boolean {
    const others = refused - last.refused;
    return written - last.written >= Math.max(othersWritten, share * others);
  }

  return {
    worked(personId) {
      written += 1;
      users.delete(personId);
    },

    throttled(personId, nowMs = performance.now()) {
      const last = users.get(personId);
      const alone = last && isAlone(last) ? last.alone + 1 : 0;
      const { times, sinceMs } = last ?? { times: 0, sinceMs: nowMs };
      refused += 1;
      users.delete(personId);
      users.set(personId, { written, refused, times: times + 1, alone, sinceMs });
      const [oldest] = users.keys();
      if (users.size > mostUsers && oldest !== undefined) users.delete(oldest);
      if (alone >= certain || (times >= longestRow && nowMs - sinceMs >= patienceMs)) return 'user';
      return alone > 0 ? 'perhaps-user' : 'organization';
    },
  };
}
