/** Reads of the directory: a number says what was seen in which, and their times are the database's (R93). */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';
import { orgNoOf } from '../numbers';

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
    WITH forgotten AS (
      DELETE FROM directory_read WHERE org_id = ${orgId} AND started_at < now() - ${keptFor}
      RETURNING read_id
    )
    DELETE FROM mirror_seen s USING forgotten f
    WHERE s.org_no = ${orgNoOf(orgId)} AND s.read_id = f.read_id`);
  const { rows } = await db.execute<{ readId: string; startedAt: string }>(sql`
    INSERT INTO directory_read (org_id) VALUES (${orgId})
    RETURNING read_id AS "readId", started_at AS "startedAt"`);
  const [row] = rows;
  if (!row) throw new Error('A read of the directory could not be recorded');
  return { readId: Number(row.readId), startedAt: new Date(row.startedAt) };
}

/** Webex's time may be this far behind the database's, or ahead of it; otherwise it isn't believed. */
const believedBehind = sql.raw(`interval '1 day'`);
const believedAhead = sql.raw(`interval '5 minutes'`);

/** Keeps the time that Webex gave with its first answer, unless it can't be right. */
export async function noteWebexTime(db: Queryable, readId: number, date: Date): Promise<void> {
  const at = sql`${date.toISOString()}::timestamptz`;
  await db.execute(sql`
    UPDATE directory_read SET webex_at = ${at} WHERE read_id = ${readId}
      AND ${at} BETWEEN now() - ${believedBehind} AND now() + ${believedAhead}`);
}

export interface ReadBegan {
  /** By the database's clock. */
  startedAt: Date;
  /** The last moment before the second in which Webex answered first, by its clock, or else the above. */
  beganAt: Date;
}

const began = sql`r.started_at AS "startedAt",
  coalesce(r.webex_at - interval '1 millisecond', r.started_at) AS "beganAt"`;

/** When a read began, by both clocks. */
export async function whenReadBegan(db: Queryable, readId: number): Promise<ReadBegan> {
  const { rows } = await db.execute<{ startedAt: string; beganAt: string }>(sql`
    SELECT ${began} FROM directory_read r WHERE r.read_id = ${readId}`);
  const [row] = rows;
  if (!row) throw new Error('A read of the directory was forgotten');
  return toBegan(row);
}

/** When the last whole read of the directory began, if it ended within ten minutes. */
export async function whenFreshReadBegan(db: Queryable, orgId: string): Promise<ReadBegan | null> {
  const { rows } = await db.execute<{ startedAt: string; beganAt: string }>(sql`
    SELECT ${began} FROM organization o JOIN directory_read r USING (org_id)
    WHERE o.org_id = ${orgId} AND o.observed_at > now() - interval '10 minutes'
      AND r.started_at <= o.observed_at AND (r.pending->>'readEverybody')::boolean
      AND r.pending->'check' = 'null'::jsonb
    ORDER BY r.read_id DESC LIMIT 1`);
  return rows[0] ? toBegan(rows[0]) : null;
}

function toBegan({ startedAt, beganAt }: { startedAt: string; beganAt: string }): ReadBegan {
  return { startedAt: new Date(startedAt), beganAt: new Date(beganAt) };
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

/** Why the second read of what a read has found failed; null: it didn't, or its repetition didn't. */
export async function noteSecondRead(
  db: Queryable,
  readId: number,
  trouble: string | null,
): Promise<void> {
  await db.execute(sql`
    UPDATE directory_read
    SET pending = pending || jsonb_build_object('secondReadTrouble', ${trouble}::text)
    WHERE read_id = ${readId} AND pending IS NOT NULL`);
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
