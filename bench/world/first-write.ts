import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../figure';
import type { World } from './start-world';

const askEveryMs = 250;

/** Waits until the simulator has logged a write. */
export async function firstWrite(
  { signal }: Pick<Bench, 'signal'>,
  { webex }: Pick<World, 'webex'>,
): Promise<void> {
  while ((await webex.writes()).length === 0) {
    await sleep(askEveryMs, undefined, { signal });
  }
}
