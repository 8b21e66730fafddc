import type { Allocation } from './allocate-units';
import type { LicenseIndex } from '../licenses/license-index';
import type { DemandShape } from './demand-shape';

export interface RingInput {
  index: LicenseIndex;
  shapes: readonly DemandShape[];
  shapeAt: Uint32Array;
  allocation: Allocation;
  /** Places of users who wait for a unit, in order of service. */
  waiting: readonly number[];
}

/** Users who need a unit of one pool and would free one of another, in order of service. */
interface Queue {
  frees: number;
  places: number[];
  next: number;
}

interface Links {
  /** By the pool that is needed. */
  byNeed: Map<number, Queue[]>;
  taken: Set<number>;
}

/**
 * Rings of users who need each other's units (R46), as places in order of service: each would be
 * served if the next one went first, and the last one waits for the first. No user is in two rings.
 */
export function findRings(input: RingInput): number[][] {
  const links = linksOf(input);
  const rings: number[][] = [];
  for (const pool of [...links.byNeed.keys()].sort((a, b) => a - b)) {
    for (let ring = ringFrom(pool, links); ring.length > 0; ring = ringFrom(pool, links)) {
      rings.push(ring.sort((a, b) => a - b));
    }
  }
  return rings.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}

/** Only users who lack units of a single pool: one ring alone can't help the others. */
function linksOf({ index, shapes, shapeAt, allocation, waiting }: RingInput): Links {
  const byNeed = new Map<number, Queue[]>();
  for (const place of waiting) {
    const shape = shapes[shapeAt[place] ?? 0];
    if (!shape || shape.removalsWait) continue;
    const lacking = shape.wants.flatMap(({ pool }, want) =>
      pool !== null && allocation.licenseFor(place, want) === null ? [pool] : [],
    );
    const [needs, second] = lacking;
    if (needs === undefined || second !== undefined) continue;
    const frees = shape.losses.flatMap(({ position }) =>
      position === null ? [] : [index.poolAt(position)],
    );
    const queues = byNeed.get(needs) ?? [];
    byNeed.set(needs, queues);
    for (const pool of new Set(frees)) {
      const queue = queues.find((one) => one.frees === pool);
      if (queue) queue.places.push(place);
      else queues.push({ frees: pool, places: [place], next: 0 });
    }
  }
  return { byNeed, taken: new Set() };
}

/** The shortest ring through a pool, and its users taken; empty where there is none any more. */
function ringFrom(start: number, links: Links): number[] {
  const cameBy = new Map<number, { from: number; place: number }>();
  const open = [start];
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

function firstFree(queue: Queue, taken: ReadonlySet<number>): number | undefined {
  while (taken.has(queue.places[queue.next] ?? -1)) queue.next += 1;
  return queue.places[queue.next];
}

function takeRing(
  start: number,
  cameBy: ReadonlyMap<number, { from: number; place: number }>,
  taken: Set<number>,
): number[] {
  const ring: number[] = [];
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
