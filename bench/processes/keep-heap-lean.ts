import { garbageCollector, heldBytes } from './collect-garbage';

const everyMs = 250;
/** Garbage allowed on top of what was alive after the last collection: a share of it, plus a fixed part. */
const shareOfAlive = 0.3;
const atLeastBytes = 48 * 1_024 * 1_024;

/**
 * Collects garbage early, so that the peak memory of this process shows what it needs and not how much
 * garbage V8 tolerates, which depends on the memory of the machine. Call it once in a process.
 */
export function keepHeapLean(): void {
  const collect = garbageCollector();
  let alive = heldBytes();
  setInterval(() => {
    if (heldBytes() < alive * (1 + shareOfAlive) + atLeastBytes) return;
    collect();
    alive = heldBytes();
  }, everyMs).unref();
}
