import { setImmediate as othersTurn } from 'node:timers/promises';

/** Runs at most `places` tasks at the same time; the others wait in the order in which they came. */
export function takeTurns(places: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = places;
  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

/** Runs work that keeps everybody waiting one at a time, and whatever else has come up before each. */
export function takeQuietTurns(): <T>(work: () => T) => Promise<T> {
  const oneAtATime = takeTurns(1);
  return (work) =>
    oneAtATime(async () => {
      await othersTurn();
      return work();
    });
}
