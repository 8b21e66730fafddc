/** Reads of the directory: a number says what was seen in which, and their times are the database's (R93). */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';

/** Reads are remembered for as long as a check may wait for its second one. */
const keptFor = sql.raw(`interval '1 day'`);

export interface DirectoryRead {
  /** Later reads have higher numbers. */
  readId: number;
  /** By the database's clock. */
  startedAt: Date;
}

/** Begins a read. What is mirrored with its number was seen in it. */
export async function beginRead(db: Queryable, orgId: string): Promise<DirectoryRead> {
  await db.execute(sql`
    DELETE FROM directory_read WHERE org_id = ${orgId} AND started_at < now() - ${keptFor}`);
  const { rows } = await db.execute<{ readId: string; startedAt: string }>(sql`
    INSERT INTO directory_read (org_id) VALUES (${orgId})
    RETURNING read_id AS "readId", started_at AS "startedAt"`);
  const [row] = rows;
  if (!row) throw new Error('A read of the directory could not be recorded');
  return { readId: Number(row.readId), startedAt: new Date(row.startedAt) };
}

/** Keeps what a read has found until it is compared, after a second read (R89). */
export async function keepPending(
  db: Queryable,
  readId: number,
  pending: Record<string, unknown>,
): Promise<void> {
  await db.execute(sql`
    UPDATE directory_read SET pending = ${JSON.stringify(pending)}::jsonb WHERE read_id = ${readId}`);
}

/** What `keepPending` kept; null where the read was forgotten or kept nothing. */
export async function readPending(
  db: Queryable,
  orgId: string,
  readId: number,
): Promise<Record<string, unknown> | null> {
  const { rows } = await db.execute<{ pending: Record<string, unknown> | null }>(sql`
    SELECT pending FROM directory_read WHERE org_id = ${orgId} AND read_id = ${readId}`);
  return rows[0]?.pending ?? null;
}
