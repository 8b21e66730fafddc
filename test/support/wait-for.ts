import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until a condition holds. The limit only ends a wait for what never comes: it is no figure, and
 * long enough for a busy machine.
 */
export async function waitFor(
  what: string,
  condition: () => boolean | Promise<boolean>,
  { withinMs = 60_000, everyMs = 20 } = {},
): Promise<void> {
  const endAt = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > endAt) throw new Error(`Not in time: ${what}`);
    await delay(everyMs);
  }
}
