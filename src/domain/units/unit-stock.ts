import type { WantIndex } from '../decide/decision';
import { type LicenseIndex, type LicensePosition, unitBalanceOf } from '../licenses/license-index';
import { at } from '../model/at';
import type { DemandShape, ShapeResolution } from './demand-shape';
import { resolve } from './resolve';

/** A user's number from 0 in the order of service. */
export type Place = number & { readonly numbers?: 'places' };

/** Number of one want of one user, over all users. */
type Slot = number & { readonly numbers?: 'slots' };

/** Who asks, in order of service. */
export interface Demand {
  index: LicenseIndex;
  shapes: readonly DemandShape[];
  /** Shape number of the user at each place. */
  shapeAt: Uint32Array;
}

/** A unit of a license, freed by the user at a place; null where nobody had to free it. */
export interface Unit {
  position: LicensePosition;
  supplier: Place | null;
}

/** Users who wait for a unit of one pool, in order of service. */
interface Queue {
  slots: { place: Place; slot: Slot }[];
  next: number;
}

/** Where the units are while they are allocated; flat arrays, because there may be a million users. */
export interface UnitStock extends Demand {
  /** First slot of each place. */
  firstSlot: Uint32Array;
  /** License position by slot, or `nothing`. */
  given: Int32Array;
  /** Place of the supplier by slot, or `nothing`. */
  supplier: Int32Array;
  hasFreed: Uint8Array;
  servedAfter: Int32Array;
  depth: Int32Array;
  /** By license position: negative while too many are in use; Infinity: never short (R47). */
  unitsLeft: Float64Array;
  waiting: Queue[];
  /** Resolution of a shape whose wants are all served: the same for everybody. */
  whole: (ShapeResolution | undefined)[];
  freed: Unit[][];
}

const nothing = -1;

export function createUnitStock(demand: Demand): UnitStock {
  const { shapeAt, index } = demand;
  const places = shapeAt.length;
  const firstSlot = new Uint32Array(places + 1);
  let slots = 0;
  for (let place: Place = 0; place < places; place += 1) {
    slots += shapeOf(demand, place).wants.length;
    firstSlot[place + 1] = slots;
  }
  const servedAfter = new Int32Array(places);
  for (let place: Place = 0; place < places; place += 1) servedAfter[place] = place;
  return {
    ...demand,
    firstSlot,
    given: new Int32Array(slots).fill(nothing),
    supplier: new Int32Array(slots).fill(nothing),
    hasFreed: new Uint8Array(places),
    servedAfter,
    depth: new Int32Array(places),
    unitsLeft: Float64Array.from(index.licenses, (license) => unitBalanceOf(license) ?? Infinity),
    waiting: index.pools.map(() => ({ slots: [], next: 0 })),
    whole: [],
    freed: index.pools.map(() => []),
  };
}

export function shapeOf({ shapes, shapeAt }: Demand, place: Place): DemandShape {
  return at(shapes, at(shapeAt, place, 'place'), 'shape');
}

export function slotOf({ firstSlot }: UnitStock, place: Place, want: WantIndex): Slot {
  return at(firstSlot, place, 'place') + want;
}

/** Position of the license chosen for a want; null: none. */
export function licenseAt(stock: UnitStock, place: Place, want: WantIndex): LicensePosition | null {
  const position = at(stock.given, slotOf(stock, place, want), 'slot');
  return position === nothing ? null : position;
}

export function giveUnit(stock: UnitStock, slot: Slot, { position, supplier }: Unit): void {
  stock.given[slot] = position;
  stock.supplier[slot] = supplier ?? nothing;
}

/** Takes the unit of a slot away and returns it. */
export function withdrawUnit({ given, supplier }: UnitStock, slot: Slot): Unit {
  const from = at(supplier, slot, 'slot');
  const unit = { position: at(given, slot, 'slot'), supplier: from === nothing ? null : from };
  given[slot] = nothing;
  supplier[slot] = nothing;
  return unit;
}

/** Whether every want of a user that needs a unit has one. */
export function isServed(stock: UnitStock, place: Place): boolean {
  return shapeOf(stock, place).wants.every(
    ({ kind }, want) => kind === 'attendee' || licenseAt(stock, place, want) !== null,
  );
}

export function resolutionAt(stock: UnitStock, place: Place): ShapeResolution {
  const shape = shapeOf(stock, place);
  if (!isServed(stock, place)) {
    return resolve(shape, (want) => licenseAt(stock, place, want) !== null);
  }
  return (stock.whole[at(stock.shapeAt, place)] ??= resolve(shape, () => true));
}

export function suppliersOf({ supplier, firstSlot }: UnitStock, place: Place): Place[] {
  const slots = supplier.subarray(at(firstSlot, place), at(firstSlot, place + 1));
  return [...new Set(slots)].filter((one) => one !== nothing);
}
