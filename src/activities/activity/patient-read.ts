import type { Db } from '../../db/connect';
import { recordReadTrouble } from '../../db/rollout/record-flags';
import { WebexError } from '../../webex/port/webex';
import { toReadFailure } from './failures';

/**
 * A read of Webex that a rollout needs. It never fails the rollout (R97): Temporal repeats it with
 * back-off until it succeeds, and meanwhile the rollout says what it waits for.
 */
export async function patientRead<T>(
  db: Db,
  rolloutId: string,
  read: () => Promise<T>,
): Promise<T> {
  try {
    const result = await read();
    await recordReadTrouble(db, rolloutId, null);
    return result;
  } catch (error) {
    if (error instanceof WebexError && error.kind !== 'aborted') {
      await recordReadTrouble(db, rolloutId, troubleOf(error));
    }
    throw toReadFailure(error);
  }
}

function troubleOf({ kind, message }: WebexError): string {
  return kind === 'forbidden'
    ? `${message}. Give Seatwise a valid token with its rights: it asks again until then`
    : message;
}
