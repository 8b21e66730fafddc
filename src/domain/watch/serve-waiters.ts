/** A user for whom a rollout had no unit (R36, R46). */
export interface Waiter {
  personId: string;
  rolloutId: string;
  /** Pools of the licenses that the user waits for: offer and site, without duplicates. */
  pools: readonly string[];
  /** A retry added nothing: the user is served only when every pool has a unit. */
  needsAll: boolean;
}

/**
 * Chooses the users to retry with the units that are free now: in the order given, which is the order
 * of service, and at most as many as there are units. A pool that never runs out has `Infinity`.
 */
export function serveWaiters<W extends Waiter>(
  waiters: readonly W[],
  unitsByPool: ReadonlyMap<string, number>,
): W[] {
  const left = new Map(unitsByPool);
  return waiters.filter(({ pools, needsAll }) => {
    const free = pools.filter((pool) => (left.get(pool) ?? 0) > 0);
    const isServed = free.length > 0 && (!needsAll || free.length === pools.length);
    if (isServed) free.forEach((pool) => left.set(pool, (left.get(pool) ?? 0) - 1));
    return isServed;
  });
}
