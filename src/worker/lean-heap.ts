import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const everyMs = 250;
/** Garbage that may pile up over what was alive after the last collection: a share of it, and this. */
const shareOfAlive = 0.3;
const atLeastBytes = 48 * 1_024 * 1_024;

/**
 * Bulk pages are garbage as soon as the next one was read, and on a large machine V8 lets gigabytes of
 * it pile up. From now on it is collected in time, so that memory follows what is alive, whatever the
 * size of the organization. Call it once in a process.
 */
export function keepHeapLean(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let alive = heldBytes();
  setInterval(() => {
    if (heldBytes() < alive * (1 + shareOfAlive) + atLeastBytes) return;
    collect();
    alive = heldBytes();
  }, everyMs).unref();
}

function heldBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
