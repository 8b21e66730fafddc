import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '../../../db/connect';
import { takePaceSlot } from '../../../db/write/pace-slot';

/**
 * Waits until the organization's pace allows one more call. False where that would take longer than
 * `patienceMs`, or where many calls wait already: after an outage of the database or of this process,
 * everything that was held up comes at once.
 */
export async function awaitTurn(db: Db, orgId: string, patienceMs: number): Promise<boolean> {
  const askedAtMs = performance.now();
  const waitMs = await takePaceSlot(db, orgId);
  if (waitMs === null || performance.now() - askedAtMs + waitMs > patienceMs) return false;
  if (waitMs > 0) await delay(waitMs);
  return true;
}
