import { setTimeout as sleep } from 'node:timers/promises';

const everyMs = 250;

/** Asks repeatedly until the answer is the wanted one. Throws on a time-out and on an abort. */
export async function waitFor<T>(options: {
  what: string;
  ask: () => Promise<T>;
  until: (answer: T) => boolean;
  onAnswer?: (answer: T) => void;
  timeoutMs: number;
  signal: AbortSignal;
}): Promise<T> {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    const answer = await options.ask();
    options.onAnswer?.(answer);
    if (options.until(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`${options.what} takes too long.`);
    await sleep(everyMs, undefined, { signal: options.signal });
  }
}
