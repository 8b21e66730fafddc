import {
  createUnitStock,
  isServed,
  licenseAt,
  resolutionAt,
  starved,
  suppliersOf,
  type Demand,
  type Unit,
  type UnitStock,
} from './unit-stock';
import type { Resolution } from './resolve';

/** Which license each user was given, and whom each has to wait for. */
export interface Allocation {
  /** Position of the license given to a want of the user at a place; null: none. */
  licenseFor: (place: number, want: number) => number | null;
  resolutionAt(place: number): Resolution;
  /** Places of the users whose units this user takes: they have to be written before. */
  suppliersOf(place: number): number[];
  /** The user's own place, or a later one where a supplier stands later. */
  servedAfter: Int32Array;
  /** Length of the chain of suppliers. */
  depth: Int32Array;
}

/**
 * Gives out units in order of service (R46): first what is left now, the oldest subscription first
 * (R44), then, round by round, what is freed by users who have got everything themselves. Only they
 * supply others, so that no two users can ever wait for each other's write.
 */
export function allocateUnits(demand: Demand): Allocation {
  const book = createUnitStock(demand);
  serveFromStock(book);
  for (let place = 0; place < book.shapeAt.length; place += 1) freeUnits(book, place);
  do {
    for (let served = serveFreed(book); served.length > 0; served = serveFreed(book)) {
      for (const place of served) freeUnits(book, place);
    }
  } while (giveBack(book));
  return {
    licenseFor: (place, want) => licenseAt(book, place, want),
    resolutionAt: (place) => resolutionAt(book, place),
    suppliersOf: (place) => suppliersOf(book, place),
    servedAfter: book.servedAfter,
    depth: book.depth,
  };
}

function serveFromStock(book: UnitStock): void {
  const { shapes, shapeAt, index, stock, given, start, waiting } = book;
  for (let place = 0; place < shapeAt.length; place += 1) {
    const wants = shapes[shapeAt[place] ?? 0]?.wants ?? [];
    for (const [want, { pool }] of wants.entries()) {
      if (pool === null) continue;
      const slot = (start[place] ?? 0) + want;
      const position = index.pools[pool]?.members.find((member) => (stock[member] ?? 0) >= 1);
      if (position === undefined) {
        waiting[pool]?.slots.push({ place, slot });
        continue;
      }
      given[slot] = position;
      stock[position] = (stock[position] ?? 0) - 1;
    }
  }
}

/** Units of a user who has got everything are free for the next round. */
function freeUnits(book: UnitStock, place: number): void {
  const shape = book.shapes[book.shapeAt[place] ?? 0];
  if (!shape || shape.losses.length === 0 || shape.removalsWait || book.hasFreed[place] === 1)
    return;
  if (!isServed(book, place)) return;
  book.hasFreed[place] = 1;
  for (const { position } of shape.losses) {
    const left = position === null ? Infinity : (book.stock[position] ?? Infinity);
    if (position === null || left === Infinity) continue;
    // Of what is used beyond what was bought, nothing is free before that is made good.
    if (left < 0) book.stock[position] = left + 1;
    else book.freed[book.index.poolAt(position)]?.push({ position, supplier: place });
  }
}

/** One round: who waits longest gets what is freed first. Returns the places that got something. */
function serveFreed(book: UnitStock): number[] {
  const served: number[] = [];
  for (const [pool, freed] of book.freed.entries()) {
    const queue = book.waiting[pool];
    if (freed.length === 0 || !queue || queue.next >= queue.slots.length) continue;
    freed.sort((a, b) => orderOf(book, a) - orderOf(book, b) || a.position - b.position);
    const count = Math.min(freed.length, queue.slots.length - queue.next);
    for (const [i, unit] of freed.splice(0, count).entries()) {
      const waiter = queue.slots[queue.next + i];
      if (!waiter) continue;
      give(book, waiter.place, waiter.slot, unit);
      served.push(waiter.place);
    }
    queue.next += count;
  }
  return [...new Set(served)].sort((a, b) => a - b);
}

function give(book: UnitStock, place: number, slot: number, { position, supplier }: Unit): void {
  book.given[slot] = position;
  if (supplier < 0) return;
  const { servedAfter, depth } = book;
  book.supplier[slot] = supplier;
  servedAfter[place] = Math.max(servedAfter[place] ?? 0, servedAfter[supplier] ?? 0);
  depth[place] = Math.max(depth[place] ?? 0, (depth[supplier] ?? 0) + 1);
}

/** Takes back what somebody got but can't use without something they lack; whether there was any. */
function giveBack(book: UnitStock): boolean {
  let isAny = false;
  for (let place = 0; place < book.shapeAt.length; place += 1) {
    const shape = book.shapes[book.shapeAt[place] ?? 0];
    if (!shape?.wants.some(({ needsAllRemovals, needs }) => needsAllRemovals || needs.length > 0)) {
      continue;
    }
    if (isServed(book, place) && !shape.removalsWait) continue;
    const { wantGoes } = resolutionAt(book, place);
    for (const [want, { pool }] of shape.wants.entries()) {
      const position = licenseAt(book, place, want);
      if (pool === null || position === null || wantGoes[want] === true) continue;
      const slot = (book.start[place] ?? 0) + want;
      book.freed[pool]?.push({ position, supplier: book.supplier[slot] ?? -1 });
      book.given[slot] = starved;
      book.supplier[slot] = -1;
      isAny = true;
    }
  }
  return isAny;
}

function orderOf(book: UnitStock, { supplier }: Unit): number {
  return supplier < 0 ? -1 : (book.servedAfter[supplier] ?? 0);
}
