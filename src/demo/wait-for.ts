import { setTimeout as sleep } from 'node:timers/promises';

const everyMs = 250;

/** Asks until the answer will do. Throws when it takes too long or the user has had enough. */
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
