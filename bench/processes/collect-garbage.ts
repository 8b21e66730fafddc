import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Makes the function that collects the garbage of this process. */
export function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** What is held, garbage that isn't collected yet included. */
export function heldBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
