import { isCancellation, sleep } from '@temporalio/workflow';
import type { ToConfirm } from '../../contract/activities';
import { confirmMissing } from './activity-calls';

/** The database, whose clock decides, and Temporal's timers may differ by this much. */
export const clockMarginMs = 250;

/**
 * Waits, and reads what is missing a second time (R89). If that read fails, nothing is taken: what is
 * missing still counts, and the next check reads it again. `confirm` comes from an activity's result, so
 * histories from before this step have none and replay without it.
 */
export async function secondRead(
  orgId: string,
  confirm: ToConfirm | undefined,
  details: (text: string) => void = () => undefined,
): Promise<void> {
  if (!confirm) return;
  const at = new Date(Date.now() + confirm.afterMs + clockMarginMs).toISOString();
  details(`Something is missing. Waits until ${at} to read it a second time.`);
  await sleep(confirm.afterMs + clockMarginMs);
  details('Reads a second time what is missing.');
  try {
    await confirmMissing({ orgId, readId: confirm.readId });
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}
