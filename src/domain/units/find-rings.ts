import type { PoolIndex } from '../licenses/license-index';
import { at } from '../model/at';
import type { Allocation } from './allocate-units';
import { type Demand, type Place, shapeOf } from './unit-stock';

export interface RingInput extends Demand {
  allocation: Allocation;
  /** Places of users who wait for a unit, in order of service. */
  waiting: readonly Place[];
}

/** Users who need a unit of one pool and would free one of another, in order of service. */
interface Queue {
  frees: PoolIndex;
  places: Place[];
  next: number;
}

interface Links {
  /** By the pool that is needed. */
  byNeed: Map<PoolIndex, Queue[]>;
  taken: Set<Place>;
}

/**
 * Rings of users who need each other's units (R46), as places in order of service: each would be
 * served if the next one went first, and the last one waits for the first. No user is in two rings.
 */
export function findRings(input: RingInput): Place[][] {
  const links = linksOf(input);
  const rings: Place[][] = [];
  for (const pool of [...links.byNeed.keys()].sort((a, b) => a - b)) {
    for (let ring = ringFrom(pool, links); ring.length > 0; ring = ringFrom(pool, links)) {
      rings.push(ring.sort((a, b) => a - b));
    }
  }
  return rings.sort((a, b) => at(a, 0) - at(b, 0));
}

/** Only users who lack units of a single pool: one ring alone can't help the others. */
function linksOf(input: RingInput): Links {
  const byNeed = new Map<PoolIndex, Queue[]>();
  for (const place of input.waiting) {
    const { losses, removalsWait } = shapeOf(input, place);
    const [needs, second] = removalsWait ? [] : poolsLacking(input, place);
    if (needs === undefined || second !== undefined) continue;
    const queues = byNeed.get(needs) ?? [];
    byNeed.set(needs, queues);
    const frees = losses.flatMap(({ position }) =>
      position === null ? [] : [input.index.poolAt(position)],
    );
    for (const pool of new Set(frees)) {
      const queue = queues.find((one) => one.frees === pool);
      if (queue) queue.places.push(place);
      else queues.push({ frees: pool, places: [place], next: 0 });
    }
  }
  return { byNeed, taken: new Set() };
}

function poolsLacking(input: RingInput, place: Place): PoolIndex[] {
  return shapeOf(input, place).wants.flatMap((want, i) =>
    want.kind === 'license' && input.allocation.licenseFor(place, i) === null
      ? [want.poolIndex]
      : [],
  );
}

/** Removes and returns the users of the shortest ring through a pool; empty if there is none left. */
function ringFrom(start: PoolIndex, links: Links): Place[] {
  const cameBy = new Map<PoolIndex, { from: PoolIndex; place: Place }>();
  const open: PoolIndex[] = [start];
  for (let pool = open.shift(); pool !== undefined; pool = open.shift()) {
    for (const queue of links.byNeed.get(pool) ?? []) {
      const place = firstFree(queue, links.taken);
      if (place === undefined || cameBy.has(queue.frees)) continue;
      cameBy.set(queue.frees, { from: pool, place });
      if (queue.frees === start) return takeRing(start, cameBy, links.taken);
      open.push(queue.frees);
    }
  }
  return [];
}

/** The first user of a queue who isn't in a ring yet. */
function firstFree(queue: Queue, taken: ReadonlySet<Place>): Place | undefined {
  let place = queue.places[queue.next];
  for (; place !== undefined && taken.has(place); place = queue.places[queue.next]) queue.next += 1;
  return place;
}

function takeRing(
  start: PoolIndex,
  cameBy: ReadonlyMap<PoolIndex, { from: PoolIndex; place: Place }>,
  taken: Set<Place>,
): Place[] {
  const ring: Place[] = [];
  let pool = start;
  do {
    const step = cameBy.get(pool);
    if (!step) break;
    ring.push(step.place);
    pool = step.from;
  } while (pool !== start);
  for (const place of ring) taken.add(place);
  return ring;
}
