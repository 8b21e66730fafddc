/** More arrivals than this who were created before the baseline wait for a person. */
export const mostOldArrivals = 5;

/** Users whom a check shows for the first time, or again after they had counted as gone. */
export interface Arrivals {
  users: number;
  /** Of these, users whom Webex says were created before the watch's first check. */
  createdBeforeBaseline: number;
}

/** Why arrivals wait for a person (R88). Null: they are served. */
export type ArrivalDoubt = 'flood' | 'old-arrivals';

/**
 * Whether so many arrivals may be served without a person. A list that was short at the baseline, or in an
 * earlier check, and is whole now looks like many users who arrive at once.
 */
export function judgeArrivals(arrivals: Arrivals, floodLimit: number): ArrivalDoubt | null {
  if (arrivals.users > floodLimit) return 'flood';
  return arrivals.createdBeforeBaseline > mostOldArrivals ? 'old-arrivals' : null;
}
