import { isGrpcServiceError } from '@temporalio/client';
import { databaseError } from '../../database-error';

/** After so many outages in a row the turn ends: the server behind the rows is away. */
const outagesInARow = 3;
/** Cancelled, deadline exceeded, resource exhausted, unavailable. */
const passingCodes: readonly number[] = [1, 4, 8, 14];

/** Where the next turn begins, so that rows that end a turn never keep the others waiting. */
export interface Cursor {
  at: number;
}

/**
 * Works on rows one after another. A row that fails is handed to `onFailure`, and the next one has its
 * turn. Throws if a server is away: no row is to blame then.
 */
export async function eachRow<Row>(
  rows: readonly Row[],
  cursor: Cursor,
  work: (row: Row) => Promise<void>,
  onFailure: (row: Row, error: unknown) => Promise<void>,
): Promise<void> {
  const first = rows.length === 0 ? 0 : cursor.at % rows.length;
  cursor.at = 0;
  let outages = 0;
  for (const [done, row] of [...rows.slice(first), ...rows.slice(0, first)].entries()) {
    try {
      await work(row);
      outages = 0;
    } catch (error) {
      outages = isOutage(error) ? outages + 1 : 0;
      if (outages === 0) await onFailure(row, error);
      if (outages < outagesInARow) continue;
      cursor.at = first + done + 1;
      throw error;
    }
  }
}

/** Whether PostgreSQL or Temporal is away, so that the same will work later. */
export function isOutage(error: unknown): boolean {
  if (databaseError(error)?.isPassing === true) return true;
  const { cause } = error as { cause?: unknown };
  return [error, cause].some((one) => isGrpcServiceError(one) && passingCodes.includes(one.code));
}
