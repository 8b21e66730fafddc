import type { WantIndex } from '../decide/decision';
import type { LicensePosition } from '../licenses/license-index';
import { at } from '../model/at';
import type { ShapeResolution } from './demand-shape';
import {
  createUnitStock,
  type Demand,
  giveUnit,
  isServed,
  licenseAt,
  type Place,
  resolutionAt,
  shapeOf,
  slotOf,
  suppliersOf,
  type Unit,
  type UnitStock,
  withdrawUnit,
} from './unit-stock';

/** The license chosen for each user, and the users whom each has to wait for. */
export interface Allocation {
  /** Position of the license chosen for a want of the user at a place; null: none. */
  licenseFor: (place: Place, want: WantIndex) => LicensePosition | null;
  resolutionAt: (place: Place) => ShapeResolution;
  /** Places of the users whose units this user gets: they have to be written before. */
  suppliersOf(place: Place): Place[];
  /** By place: the user's own place, or a later one where a supplier stands later. */
  servedAfter: Int32Array;
  /** By place: length of the chain of suppliers. */
  depth: Int32Array;
}

/**
 * Allocates units in order of service (R46): first those that are left now, the oldest subscription
 * first (R44), then, round by round, those that are freed by users who have got everything
 * themselves. Only they supply others, so that no two users can ever wait for each other's write.
 */
export function allocateUnits(demand: Demand): Allocation {
  const stock = createUnitStock(demand);
  serveFromStock(stock);
  for (let place: Place = 0; place < stock.shapeAt.length; place += 1) freeUnits(stock, place);
  do {
    for (let served = serveFreed(stock); served.length > 0; served = serveFreed(stock)) {
      for (const place of served) freeUnits(stock, place);
    }
  } while (giveBack(stock));
  return {
    licenseFor: (place, want) => licenseAt(stock, place, want),
    resolutionAt: (place) => resolutionAt(stock, place),
    suppliersOf: (place) => suppliersOf(stock, place),
    servedAfter: stock.servedAfter,
    depth: stock.depth,
  };
}

function serveFromStock(stock: UnitStock): void {
  const { index, unitsLeft } = stock;
  for (let place: Place = 0; place < stock.shapeAt.length; place += 1) {
    for (const [i, want] of shapeOf(stock, place).wants.entries()) {
      if (want.kind === 'attendee') continue;
      const slot = slotOf(stock, place, i);
      const { members } = at(index.pools, want.poolIndex, 'pool');
      const position = members.find((member) => at(unitsLeft, member) >= 1);
      if (position === undefined) {
        at(stock.waiting, want.poolIndex).slots.push({ place, slot });
        continue;
      }
      giveUnit(stock, slot, { position, supplier: null });
      unitsLeft[position] = at(unitsLeft, position) - 1;
    }
  }
}

/** The units that a user loses are free for the next round, once the user has got everything. */
function freeUnits(stock: UnitStock, supplier: Place): void {
  const { losses, removalsWait } = shapeOf(stock, supplier);
  if (losses.length === 0 || removalsWait || stock.hasFreed[supplier] === 1) return;
  if (!isServed(stock, supplier)) return;
  stock.hasFreed[supplier] = 1;
  for (const { position } of losses) {
    if (position !== null) freeUnit(stock, { position, supplier });
  }
}

function freeUnit({ index, unitsLeft, freed }: UnitStock, unit: Unit): void {
  const left = at(unitsLeft, unit.position, 'license');
  if (left === Infinity) return;
  // Where more units are in use than were bought, a freed one reduces that first.
  if (left < 0) unitsLeft[unit.position] = left + 1;
  else at(freed, index.poolAt(unit.position), 'pool').push(unit);
}

/** One round: who waits longest gets what is freed first. Returns the places that got something. */
function serveFreed(stock: UnitStock): Place[] {
  const served: Place[] = [];
  for (const [pool, freed] of stock.freed.entries()) {
    const queue = at(stock.waiting, pool, 'pool');
    const count = Math.min(freed.length, queue.slots.length - queue.next);
    if (count === 0) continue;
    freed.sort((a, b) => orderOf(stock, a) - orderOf(stock, b) || a.position - b.position);
    for (const [i, unit] of freed.splice(0, count).entries()) {
      const { place, slot } = at(queue.slots, queue.next + i, 'waiter');
      giveUnit(stock, slot, unit);
      if (unit.supplier !== null) standBehind(stock, place, unit.supplier);
      served.push(place);
    }
    queue.next += count;
  }
  return [...new Set(served)].sort((a, b) => a - b);
}

function standBehind({ servedAfter, depth }: UnitStock, place: Place, supplier: Place): void {
  servedAfter[place] = Math.max(at(servedAfter, place), at(servedAfter, supplier));
  depth[place] = Math.max(at(depth, place), at(depth, supplier) + 1);
}

/** Takes back units that their users can't use without something they lack; whether there was any. */
function giveBack(stock: UnitStock): boolean {
  let isAny = false;
  for (let place: Place = 0; place < stock.shapeAt.length; place += 1) {
    if (!mayHoldUnusable(stock, place)) continue;
    for (const [i, { want, goes }] of resolutionAt(stock, place).wants.entries()) {
      if (goes || want.kind === 'attendee' || licenseAt(stock, place, i) === null) continue;
      const unit = withdrawUnit(stock, slotOf(stock, place, i));
      at(stock.freed, want.poolIndex, 'pool').push(unit);
      isAny = true;
    }
  }
  return isAny;
}

function mayHoldUnusable(stock: UnitStock, place: Place): boolean {
  const { wants, removalsWait } = shapeOf(stock, place);
  const isTied = wants.some(({ needsAllRemovals, needs }) => needsAllRemovals || needs.length > 0);
  return isTied && (removalsWait || !isServed(stock, place));
}

function orderOf({ servedAfter }: UnitStock, { supplier }: Unit): number {
  return supplier === null ? -1 : at(servedAfter, supplier, 'place');
}
