import { type LicenseIndex, type PoolIndex, unitBalanceOf } from '../licenses/license-index';
import { at } from '../model/at';

/** What a plan has yet to do to the units of one license. */
export interface UnitDemand {
  licenseId: string;
  taken: number;
  freed: number;
  /** Users who wait for a unit of this license, or of another one of the same offer and site. */
  waiting: number;
}

/** Units of one license when all that is demanded of it has been done. */
export interface UnitOutlook extends Omit<UnitDemand, 'licenseId'> {
  /** Null: never short (R47). */
  unitsLeftAfter: number | null;
  /** Units that are needed and that nothing provides. */
  shortage: number;
}

/**
 * What demands together make of today's units, by license id (R46). A unit that is missing can come from
 * another license of the same offer and site; units that were missing before aren't counted. Demands of
 * licenses that the organization has no more are left out.
 */
export function forecastOpenPlans(
  index: LicenseIndex,
  demands: readonly UnitDemand[],
): Map<string, UnitOutlook> {
  const sums = addUp(index, demands);
  const missing = sums.map(({ balance, needed }) => Math.min(needed, Math.max(0, -balance)));
  const spare = sums.map(({ balance }) => Math.max(0, balance));
  for (const pool of index.pools.keys()) lend(index, pool, { missing, spare });
  return new Map(
    sums.map(({ taken, freed, waiting }, position) => {
      const left = at(spare, position, 'license');
      const outlook = {
        taken,
        freed,
        waiting,
        unitsLeftAfter: left === Infinity ? null : left,
        shortage: at(missing, position, 'license'),
      };
      return [at(index.licenses, position, 'license').id, outlook];
    }),
  );
}

/** By position; `balance` is negative where more is needed than there is. */
function addUp(index: LicenseIndex, demands: readonly UnitDemand[]) {
  const sums = index.licenses.map((license) => ({
    balance: unitBalanceOf(license) ?? Infinity,
    needed: 0,
    taken: 0,
    freed: 0,
    waiting: 0,
  }));
  for (const { licenseId, taken, freed, waiting } of demands) {
    const sum = sums[index.positionOf(licenseId) ?? -1];
    if (!sum) continue;
    sum.taken += taken;
    sum.freed += freed;
    sum.waiting += waiting;
    sum.needed += taken + waiting;
    sum.balance += freed - taken - waiting;
  }
  return sums;
}

/** Covers what is missing with spare units of the same pool, the oldest subscription first (R44). */
function lend(
  index: LicenseIndex,
  pool: PoolIndex,
  { missing, spare }: { missing: number[]; spare: number[] },
): void {
  const { members } = at(index.pools, pool, 'pool');
  for (const borrower of members) {
    for (const lender of members) {
      const lent = Math.min(at(missing, borrower, 'license'), at(spare, lender, 'license'));
      missing[borrower] = at(missing, borrower, 'license') - lent;
      spare[lender] = at(spare, lender, 'license') - lent;
    }
  }
}
