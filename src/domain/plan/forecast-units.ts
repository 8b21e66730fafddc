import {
  type LicenseIndex,
  type LicensePosition,
  type PoolIndex,
  unitBalanceOf,
  unitsLeftOf,
} from '../licenses/license-index';
import { at } from '../model/at';
import type { UnitForecast } from './plan-summary';

/** Counts what a plan does to the units of each license. */
export interface UnitCounts {
  take(position: LicensePosition): void;
  free(position: LicensePosition): void;
  wait(pool: PoolIndex): void;
  forecast(): UnitForecast[];
}

export function createUnitCounts(index: LicenseIndex): UnitCounts {
  const taken = new Uint32Array(index.licenses.length);
  const freed = new Uint32Array(index.licenses.length);
  const waiting = new Uint32Array(index.pools.length);
  const increment = (counts: Uint32Array, i: number) => {
    counts[i] = at(counts, i) + 1;
  };
  return {
    take: (position) => increment(taken, position),
    free: (position) => increment(freed, position),
    wait: (pool) => increment(waiting, pool),
    forecast: () =>
      index.licenses.map((license, position): UnitForecast => {
        const { id: licenseId, offer, site, name } = license;
        const pool = index.poolAt(position);
        const counts = { taken: at(taken, position), freed: at(freed, position) };
        const balance = unitBalanceOf(license);
        // Users wait for the pool, not for one license of it: they are counted once.
        const isFirst = at(index.pools, pool, 'pool').members[0] === position;
        return {
          licenseId,
          offer,
          site,
          name,
          unitsLeft: unitsLeftOf(license),
          ...counts,
          unitsLeftAfter:
            balance === null ? null : Math.max(0, balance - counts.taken + counts.freed),
          waiting: isFirst ? at(waiting, pool) : 0,
        };
      }),
  };
}
