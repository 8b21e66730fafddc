import type { Holdings } from '../model/user';

/** For how long the answer to a write is believed against reads that disagree (R80a). */
export const answerTrustMs = 24 * 60 * 60 * 1000;

export interface HoldingsSources {
  /** What the last read showed, and when it was made. */
  read: Holdings;
  readAtMs: number;
  /** What the answer to our last write showed; null without one. */
  answered: Holdings | null;
  answeredAtMs: number | null;
  nowMs: number;
}

export interface BelievedHoldings {
  holdings: Holdings;
  /** The answer counts no more: a later read agrees with it, or 24 h have passed. */
  answerSettled: boolean;
}

/**
 * What to believe that a user holds (R80a): the answer to a write, until a later read agrees with
 * it or 24 h have passed. A read without attendee sites contradicts none.
 */
export function believedHoldings(sources: HoldingsSources): BelievedHoldings {
  const { read, readAtMs, answered, answeredAtMs, nowMs } = sources;
  if (answered === null || answeredAtMs === null) {
    return { holdings: read, answerSettled: answered !== null };
  }
  const attendeeSites = read.attendeeSites ?? answered.attendeeSites;
  const isExpired = nowMs - answeredAtMs >= answerTrustMs;
  // A read that is silent about an attendee account doesn't end the belief in it.
  const isSilent = read.attendeeSites === null && (answered.attendeeSites?.length ?? 0) > 0;
  const isConfirmed = readAtMs > answeredAtMs && !isSilent && agree(read, answered);
  if (isExpired || isConfirmed) {
    return { holdings: { licenses: read.licenses, attendeeSites }, answerSettled: true };
  }
  return {
    holdings: {
      licenses: answered.licenses,
      attendeeSites: answered.attendeeSites ?? read.attendeeSites,
    },
    answerSettled: false,
  };
}

/** Whether two reads of one user show the same; attendee sites that one of them lacks don't count. */
export function agree(one: Holdings, other: Holdings): boolean {
  if (!sameSet(one.licenses, other.licenses)) return false;
  if (one.attendeeSites === null || other.attendeeSites === null) return true;
  return sameSet(one.attendeeSites, other.attendeeSites);
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  const left = new Set(one);
  const right = new Set(other);
  return left.size === right.size && [...left].every((item) => right.has(item));
}
