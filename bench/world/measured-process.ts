import type { PeakMemory } from '../processes/peak-memory';
import type { StartedProcess } from './start-process';

/** A process of the bench that prints its peak memory when it is stopped. */
export interface MeasuredProcess {
  /** Stops it once. */
  stop: () => Promise<void>;
  /** Rejects with a sentence if it ends before it is stopped. */
  failed: Promise<never>;
  /** After it has stopped. */
  peakMemory: () => PeakMemory;
}

export function measuredProcess(name: string, started: StartedProcess): MeasuredProcess {
  let stopping: Promise<void> | null = null;
  const failed = started.ended.then(async (): Promise<never> => {
    if (stopping) return await new Promise<never>(() => undefined);
    throw new Error(whyEnded(name, started.output()));
  });
  failed.catch(() => undefined);
  return {
    stop: () => (stopping ??= started.stop()),
    failed,
    peakMemory: () => readPeaks(name, started.output()),
  };
}

/** The sentence for a process that ended although nobody stopped it. */
export function whyEnded(name: string, output: string): string {
  if (/heap out of memory|heap limit/i.test(output)) return `${name} ran out of memory.`;
  const last = output.trim().split('\n').at(-1) ?? '';
  return `${name} ended by itself: ${last.slice(0, 300)}`;
}

/** The last line in which it printed its peaks. */
export function readPeaks(name: string, output: string): PeakMemory {
  const said = /^peak memory (\{.*\})$/m.exec(output)?.[1];
  if (said === undefined) throw new Error(`${name} did not print its peak memory.`);
  return JSON.parse(said) as PeakMemory;
}
