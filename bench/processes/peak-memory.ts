import { PerformanceObserver, constants } from 'node:perf_hooks';

const everyMs = 100;

/** Bytes at the highest moment of a process. */
export interface PeakMemory {
  /** Resident memory, all threads included. */
  resident: number;
  /** Heap in use on the main thread, garbage included. */
  heap: number;
  /** What was left on that heap by a full collection that V8 made unasked. */
  live: number;
}

/** Begins to watch the memory of this process. The function that it returns tells the peaks so far. */
export function watchMemory(): () => PeakMemory {
  let heap = 0;
  let live = 0;
  const used = () => process.memoryUsage().heapUsed;
  setInterval(() => {
    heap = Math.max(heap, used());
  }, everyMs).unref();
  const observer = new PerformanceObserver((list) => {
    const isFull = list.getEntries().some((entry) => kindOf(entry) === fullCollection);
    if (isFull) live = Math.max(live, used());
  });
  observer.observe({ entryTypes: ['gc'] });
  // `maxRSS` is in units of 1,024 bytes.
  return () => ({ resident: process.resourceUsage().maxRSS * 1_024, heap, live });
}

const fullCollection = constants.NODE_PERFORMANCE_GC_MAJOR;

/** `detail.kind`, which the types of Node.js leave out. */
function kindOf(entry: object): unknown {
  const detail: unknown = 'detail' in entry ? entry.detail : null;
  return typeof detail === 'object' && detail !== null && 'kind' in detail ? detail.kind : null;
}
