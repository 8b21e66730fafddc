import { sql, type SQL } from 'drizzle-orm';
import type { RowOfRollout } from './only-call';

/** Where a task that takes rows page by page goes on; null: it begins anew. */
export interface RowCursor {
  after: RowOfRollout | null;
}

/** Moves on, so that rows which stay as they are keep no others waiting. */
export function moveOn(cursor: RowCursor, page: readonly RowOfRollout[], limit: number): void {
  cursor.after = page.length < limit ? null : (page.at(-1) ?? null);
}

/** Whether row `u` comes after this one. */
export function comesAfter(row: RowOfRollout | null): SQL {
  return row === null
    ? sql`true`
    : sql`(u.rollout_id, u.seq) > (${row.rolloutId}::uuid, ${row.seq}::int)`;
}
