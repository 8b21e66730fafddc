import { and, desc, lt, or, sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

/** Order and cursor of lists that show the newest first. Cursors carry milliseconds, columns microseconds. */
export function newestFirst(
  createdAt: PgColumn,
  id: PgColumn,
  after: { createdAt: Date; id: string } | null,
): { isAfter: SQL | undefined; order: SQL[] } {
  const createdMs = sql`date_trunc('milliseconds', ${createdAt})`;
  const order = [desc(createdMs), desc(id)];
  if (after === null) return { isAfter: undefined, order };
  const at = sql`${after.createdAt.toISOString()}::timestamptz`;
  const isAfter = or(sql`${createdMs} < ${at}`, and(sql`${createdMs} = ${at}`, lt(id, after.id)));
  return { isAfter, order };
}
