import type { WantIndex } from '../decide/decision';
import { createFeatureTotals } from '../features/feature-totals';
import type { LicenseIndex, LicensePosition } from '../licenses/license-index';
import { compareText } from '../model/text/compare-text';
import type { NoteCode } from '../model/note';
import type { CallingOffers } from '../model/settings';
import type { DemandShape, ShapeResolution } from '../units/demand-shape';
import { type ChangeTotals, createChangeTotals } from './change-totals';
import { createUnitCounts, type UnitCounts } from './forecast-units';
import type { BlockedTotal, PlanSummary } from './plan-summary';
import { outcomeOf, type PlannedUser } from './planned-user';

/** One user's part in the totals. */
export interface TotalsEntry {
  shape: DemandShape;
  resolution: ShapeResolution;
  licenseFor: (want: WantIndex) => LicensePosition | null;
}

type Totals = Omit<
  PlanSummary,
  'usersInScope' | 'waves' | 'irreversibleRemovals' | 'rings' | 'warnings'
>;

/** Adds up a plan without keeping any user. */
export interface PlanTotals {
  /** Adds a user up and returns the outcome of their row. */
  count(entry: TotalsEntry): PlannedUser['outcome'];
  /** The part of the summary that is counted. */
  summary(): Totals;
}

export function createPlanTotals(index: LicenseIndex, callingOffers: CallingOffers): PlanTotals {
  const changes = createChangeTotals();
  const units = createUnitCounts(index);
  const features = createFeatureTotals(callingOffers);
  const outcomes = createOutcomeCounts();
  const blocked = new Map<NoteCode, number>();
  let replacements = 0;
  let usersLosing = 0;
  return {
    count(entry) {
      const { shape, resolution } = entry;
      const isAdded = countWants(entry, changes, units);
      const removed = countLosses(entry, changes, units);
      const replaced = removed.filter(({ replacement }) => replacement).length;
      replacements += replaced;
      if (replaced < removed.length) usersLosing += 1;
      features.count(entry);
      for (const code of shape.blockedBy) blocked.set(code, (blocked.get(code) ?? 0) + 1);
      const isWritten = isAdded || removed.length > 0;
      const outcome = outcomeOf(isWritten, resolution.pending, {
        isBlocked: shape.blockedBy.length > 0,
        isExcluded: shape.isExcluded,
      });
      outcomes[outcome] += 1;
      return outcome;
    },
    summary: () => ({
      planned: outcomes.planned,
      unchanged: outcomes.unchanged,
      blocked: outcomes.blocked,
      waitingForSeat: outcomes['waiting-for-seat'],
      hostPending: outcomes['host-pending'],
      excluded: outcomes.excluded,
      additions: changes.sum('add'),
      removals: changes.sum('remove'),
      replacements,
      usersLosing,
      usersToInform: features.usersToInform(),
      totals: changes.list(),
      features: features.totals(),
      blockedBy: blockedTotals(blocked),
      units: units.forecast(),
    }),
  };
}

function createOutcomeCounts(): Record<PlannedUser['outcome'], number> {
  return {
    planned: 0,
    unchanged: 0,
    'waiting-for-seat': 0,
    'host-pending': 0,
    blocked: 0,
    excluded: 0,
  };
}

/** Whether anything is added. */
function countWants(
  { resolution, licenseFor }: TotalsEntry,
  changes: ChangeTotals,
  units: UnitCounts,
): boolean {
  let isAdded = false;
  for (const [i, { want, goes, meanwhile }] of resolution.wants.entries()) {
    if (goes) {
      changes.add('add', want.kind === 'attendee' ? 'attendee' : want.offer, want.site);
      const position = licenseFor(i);
      if (position !== null) units.take(position);
    } else {
      if (want.kind === 'license') units.wait(want.poolIndex);
      if (meanwhile !== null) changes.add('add', 'attendee', meanwhile);
    }
    isAdded ||= goes || meanwhile !== null;
  }
  return isAdded;
}

/** What is removed. */
function countLosses(
  { resolution }: TotalsEntry,
  changes: ChangeTotals,
  units: UnitCounts,
): { replacement: boolean }[] {
  const removed = resolution.losses.filter(({ goes }) => goes).map(({ loss }) => loss);
  for (const { target, position } of removed) {
    changes.add('remove', target.kind === 'license' ? target.offer : 'attendee', target.site);
    if (position !== null) units.free(position);
  }
  return removed;
}

function blockedTotals(blocked: ReadonlyMap<NoteCode, number>): BlockedTotal[] {
  return [...blocked]
    .sort(([a], [b]) => compareText(a, b))
    .map(([code, users]) => ({ code, users }));
}
