/** What the watch remembers of its checks. */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';

/** Where the next check continues. */
export interface WatchCursor {
  /** Newest `meta.lastModified` that SCIM has shown; ISO. */
  lastModified?: string;
  /** Start of the last check of everybody; ISO. */
  fullLookAt?: string;
  /** Users that SCIM has shown and the pages of people haven't yet. */
  unread?: string[];
  /** The setting with which memberships were compared: after a change of it they count as unseen. */
  includeParentGroups?: boolean;
}

export interface WatchState {
  /** Start of the first check, by Webex's clock: users created later are new (R15). Null before it ends. */
  baselineAt: Date | null;
  cursor: WatchCursor;
  lookedAt: Date | null;
  readBy: 'scim' | 'people' | null;
  lastError: string | null;
  looks: number;
}

const nothing: WatchState = {
  baselineAt: null,
  cursor: {},
  lookedAt: null,
  readBy: null,
  lastError: null,
  looks: 0,
};

interface StateRow extends Record<string, unknown> {
  baselineAt: string | null;
  cursor: WatchCursor;
  lookedAt: string | null;
  readBy: WatchState['readBy'];
  lastError: string | null;
  looks: number;
}

const columns = sql`baseline_at AS "baselineAt", cursor, looked_at AS "lookedAt",
  read_by AS "readBy", last_error AS "lastError", looks`;

export async function readWatchState(db: Queryable, orgId: string): Promise<WatchState> {
  const { rows } = await db.execute<StateRow>(
    sql`SELECT ${columns} FROM watch_state WHERE org_id = ${orgId}`,
  );
  return rows[0] ? toState(rows[0]) : nothing;
}

/** Like `readWatchState`. Other checks wait until this transaction has ended. */
export async function lockWatchState(tx: Queryable, orgId: string): Promise<WatchState> {
  await tx.execute(
    sql`INSERT INTO watch_state (org_id) VALUES (${orgId}) ON CONFLICT (org_id) DO NOTHING`,
  );
  const { rows } = await tx.execute<StateRow>(
    sql`SELECT ${columns} FROM watch_state WHERE org_id = ${orgId} FOR UPDATE`,
  );
  return rows[0] ? toState(rows[0]) : nothing;
}

/** Records the end of a check, in the same transaction as its findings. */
export async function saveLook(
  tx: Queryable,
  look: Pick<WatchState, 'baselineAt' | 'cursor' | 'readBy' | 'lastError'> & { orgId: string },
): Promise<void> {
  await tx.execute(sql`
    UPDATE watch_state SET baseline_at = ${look.baselineAt?.toISOString() ?? null}::timestamptz,
      cursor = ${JSON.stringify(look.cursor)}::jsonb, read_by = ${look.readBy},
      last_error = ${look.lastError}, looked_at = now(), looks = looks + 1
    WHERE org_id = ${look.orgId}`);
}

/** Records why a check or what follows from it failed; the next one that succeeds clears it. */
export async function recordWatchError(
  db: Queryable,
  orgId: string,
  error: string | null,
): Promise<void> {
  await db.execute(sql`
    INSERT INTO watch_state (org_id, last_error) VALUES (${orgId}, ${error})
    ON CONFLICT (org_id) DO UPDATE SET last_error = excluded.last_error`);
}

/** How long ago the watch last checked each organization, for metrics. */
export async function watchAges(db: Queryable): Promise<{ orgUuid: string; seconds: number }[]> {
  const { rows } = await db.execute<{ orgUuid: string; seconds: number }>(sql`
    SELECT o.org_uuid AS "orgUuid", extract(epoch FROM now() - w.looked_at)::float8 AS seconds
    FROM watch_state w JOIN organization o USING (org_id) WHERE w.looked_at IS NOT NULL`);
  return rows;
}

function toState(row: StateRow): WatchState {
  const { cursor, readBy, lastError, looks } = row;
  return {
    baselineAt: row.baselineAt === null ? null : new Date(row.baselineAt),
    lookedAt: row.lookedAt === null ? null : new Date(row.lookedAt),
    cursor,
    readBy,
    lastError,
    looks,
  };
}
