import type { Resolution } from '../units/resolve';
import { createFeatureTotals, type FeatureTotals } from '../features/feature-totals';
import { unitBalanceOf, unitsLeftOf, type LicenseIndex } from '../licenses/license-index';
import { compareText } from '../model/compare-text';
import type { NoteCode } from '../model/note';
import type { CallingOffers } from '../model/settings';
import { outcomeOf, type PlannedUser } from './planned-user';
import type { BlockedTotal, ChangeTotal, UnitForecast } from './plan-summary';
import type { DemandShape } from '../units/demand-shape';

/** One user's part in the totals. */
export interface TotalsEntry {
  shape: DemandShape;
  resolution: Resolution;
  licenseFor: (want: number) => number | null;
}

export interface PlanTotals {
  /** Adds a user up and says what their row is called. */
  count(entry: TotalsEntry): PlannedUser['outcome'];
  outcomes: Record<PlannedUser['outcome'], number>;
  additions(): number;
  removals(): number;
  replacements(): number;
  usersLosing(): number;
  changeTotals(): ChangeTotal[];
  blockedBy(): BlockedTotal[];
  features: Pick<FeatureTotals, 'totals' | 'usersToInform'>;
  units(): UnitForecast[];
}

/** Adds up a plan without keeping any user. */
export function createPlanTotals(index: LicenseIndex, callingOffers: CallingOffers): PlanTotals {
  const totals = new Map<string, ChangeTotal>();
  const taken = index.licenses.map(() => 0);
  const freed = index.licenses.map(() => 0);
  const waiting = index.pools.map(() => 0);
  const outcomes = {
    planned: 0,
    unchanged: 0,
    'waiting-for-seat': 0,
    'host-pending': 0,
    blocked: 0,
  };
  const features = createFeatureTotals(callingOffers);
  const blocked = new Map<NoteCode, number>();
  let replacements = 0;
  let usersLosing = 0;

  const add = (operation: 'add' | 'remove', offer: string, site: string | null) => {
    const key = `${operation} ${offer} ${site ?? ''}`;
    const total = totals.get(key);
    if (total) total.users += 1;
    else totals.set(key, { operation, offer, site, users: 1 });
  };
  const countWants = ({ shape, resolution, licenseFor }: TotalsEntry): boolean => {
    let isWritten = false;
    for (const [i, { pool, offer, site }] of shape.wants.entries()) {
      const position = licenseFor(i);
      if (resolution.wantGoes[i] === true) {
        isWritten = true;
        add('add', offer, site);
        if (position !== null) taken[position] = (taken[position] ?? 0) + 1;
        continue;
      }
      if (pool !== null) waiting[pool] = (waiting[pool] ?? 0) + 1;
      if (resolution.isAttendeeMeanwhile[i] !== true) continue;
      isWritten = true;
      add('add', 'attendee', site);
    }
    return isWritten;
  };
  const countLosses = ({ shape, resolution }: TotalsEntry): boolean => {
    const going = shape.losses.filter((_, i) => resolution.lossGoes[i] === true);
    for (const { position, target, replacement } of going) {
      if (target.kind === 'license') add('remove', target.offer, target.site);
      else add('remove', 'attendee', target.site);
      if (position !== null) freed[position] = (freed[position] ?? 0) + 1;
      if (replacement) replacements += 1;
    }
    if (going.some(({ replacement }) => !replacement)) usersLosing += 1;
    return going.length > 0;
  };
  const sum = (operation: 'add' | 'remove') =>
    [...totals.values()].reduce((n, one) => n + (one.operation === operation ? one.users : 0), 0);

  return {
    outcomes,
    features,
    count(entry) {
      const isAdded = countWants(entry);
      const isTaken = countLosses(entry);
      features.count(entry);
      const { blockedBy } = entry.shape;
      for (const code of blockedBy) blocked.set(code, (blocked.get(code) ?? 0) + 1);
      const { pending } = entry.resolution;
      const outcome = outcomeOf(isAdded || isTaken, pending, blockedBy.length > 0);
      outcomes[outcome] += 1;
      return outcome;
    },
    additions: () => sum('add'),
    removals: () => sum('remove'),
    replacements: () => replacements,
    usersLosing: () => usersLosing,
    changeTotals: () => [...totals].sort(([a], [b]) => compareText(b, a)).map(([, total]) => total),
    blockedBy: () =>
      [...blocked]
        .sort(([a], [b]) => compareText(a, b))
        .map(([code, users]): BlockedTotal => ({ code, users })),
    units: () => forecast(index, { taken, freed, waiting }),
  };
}

function forecast(
  index: LicenseIndex,
  counts: { taken: number[]; freed: number[]; waiting: number[] },
): UnitForecast[] {
  return index.licenses.map((license, position): UnitForecast => {
    const balance = unitBalanceOf(license);
    const taken = counts.taken[position] ?? 0;
    const freed = counts.freed[position] ?? 0;
    const pool = index.poolAt(position);
    const isFirst = index.pools[pool]?.members[0] === position;
    return {
      licenseId: license.id,
      offer: license.offer,
      site: license.site,
      name: license.name,
      unitsLeft: unitsLeftOf(license),
      taken,
      freed,
      unitsLeftAfter: balance === null ? null : Math.max(0, balance - taken + freed),
      // Users wait for the pool, not for one license of it: they are counted once.
      waiting: isFirst ? (counts.waiting[pool] ?? 0) : 0,
    };
  });
}
