import { type Resolution, resolve } from './resolve';
import { unitBalanceOf, type LicenseIndex } from '../licenses/license-index';
import type { DemandShape } from './demand-shape';

/** Who asks, in order of service: a user's place is their number from 0 in this order. */
export interface Demand {
  index: LicenseIndex;
  shapes: readonly DemandShape[];
  /** Shape of the user at each place. */
  shapeAt: Uint32Array;
}

/** A unit of the license at a position, freed by the user at a place; -1 where nobody had to. */
export interface Unit {
  position: number;
  supplier: number;
}

/** Users of one pool who wait, in order of service. */
interface Queue {
  slots: { place: number; slot: number }[];
  next: number;
}

/** Where the units are while they are given out; flat arrays, because there may be a million users. */
export interface UnitStock extends Demand {
  /** First slot of each place; every want of every user has a slot. */
  start: Uint32Array;
  /** License position by slot, or `starved`. */
  given: Int32Array;
  /** Place of the supplier by slot, or -1. */
  supplier: Int32Array;
  hasFreed: Uint8Array;
  servedAfter: Int32Array;
  depth: Int32Array;
  /** Units left by license position, negative while too many are in use; Infinity: never short (R47). */
  stock: Float64Array;
  waiting: Queue[];
  /** Resolution of a shape whose wants are all served: the same for everybody. */
  whole: (Resolution | undefined)[];
  freed: Unit[][];
}

export const starved = -1;

export function createUnitStock(demand: Demand): UnitStock {
  const { shapes, shapeAt, index } = demand;
  const places = shapeAt.length;
  const start = new Uint32Array(places + 1);
  for (let place = 0; place < places; place += 1) {
    const wants = shapes[shapeAt[place] ?? 0]?.wants.length ?? 0;
    start[place + 1] = (start[place] ?? 0) + wants;
  }
  const slots = start[places] ?? 0;
  const servedAfter = new Int32Array(places);
  for (let place = 0; place < places; place += 1) servedAfter[place] = place;
  return {
    ...demand,
    start,
    given: new Int32Array(slots).fill(starved),
    supplier: new Int32Array(slots).fill(-1),
    hasFreed: new Uint8Array(places),
    servedAfter,
    depth: new Int32Array(places),
    stock: Float64Array.from(index.licenses, (license) => unitBalanceOf(license) ?? Infinity),
    waiting: index.pools.map(() => ({ slots: [], next: 0 })),
    whole: [],
    freed: index.pools.map(() => []),
  };
}

export function licenseAt(book: UnitStock, place: number, want: number): number | null {
  const position = book.given[(book.start[place] ?? 0) + want] ?? starved;
  return position === starved ? null : position;
}

/** Whether every want of a user that needs a unit has one. */
export function isServed(book: UnitStock, place: number): boolean {
  const wants = book.shapes[book.shapeAt[place] ?? 0]?.wants ?? [];
  return wants.every(({ pool }, want) => pool === null || licenseAt(book, place, want) !== null);
}

export function resolutionAt(book: UnitStock, place: number): Resolution {
  const number = book.shapeAt[place] ?? 0;
  const shape = book.shapes[number];
  if (!shape) return { wantGoes: [], lossGoes: [], isAttendeeMeanwhile: [], pending: null };
  if (!isServed(book, place))
    return resolve(shape, (want) => licenseAt(book, place, want) !== null);
  return (book.whole[number] ??= resolve(shape, () => true));
}

export function suppliersOf(book: UnitStock, place: number): number[] {
  const slots = book.supplier.subarray(book.start[place] ?? 0, book.start[place + 1] ?? 0);
  return [...new Set(slots)].filter((supplier) => supplier >= 0);
}
