/**
 * What is owed to users whose rows are closed (R95): Webex refused to put it back, or no read has shown it
 * since. It is kept until they have it, or until something else has ended the debt.
 */
import { sql, type Placeholder, type SQL } from 'drizzle-orm';
import type { Change } from '../../domain/model/change';
import type { Db, Queryable } from '../connect';
import { believedHoldings, targetOf } from '../sql';
import { lockedRollout } from './failure-guard';
import type { RowOfRollout } from './only-call';
import { comesAfter, type RowCursor } from './row-cursor';

/** Of a row whose debt nobody tries to pay before its time. */
export const isDue = sql`(u.owed_next_at IS NULL OR u.owed_next_at <= clock_timestamp())`;

/** Since the last entry of the row about the target of `c`, another rollout has changed it. */
const isDecidedAnew = sql`EXISTS (SELECT 1 FROM ledger l
  WHERE l.org_id = u.org_id AND l.person_id = u.person_id AND l.rollout_id <> u.rollout_id
    AND l.target = ${targetOf('c')} AND l.ledger_id > coalesce((
      SELECT max(o.ledger_id) FROM ledger o WHERE o.rollout_id = u.rollout_id AND o.seq = u.seq
        AND o.target = ${targetOf('c')}), 0))`;

/** The user `d` is believed to hold what the addition `c` gives. */
const isHeld = sql`(CASE WHEN c->'target'->>'kind' = 'license'
  THEN jsonb_exists(b.holdings->'licenses', c->'target'->>'licenseId')
  ELSE jsonb_exists(nullif(b.holdings->'attendeeSites', 'null'::jsonb), c->'target'->>'site') END)`;

const refusedAdditions = sql`jsonb_array_elements(coalesce(u.refused, '[]')) c
  WHERE c->>'operation' = 'add'`;

/** What Webex refused has arrived in another way: nothing was lost for nothing any more. */
const hasArrived = sql`(EXISTS (SELECT 1 FROM ${refusedAdditions})
  AND NOT EXISTS (SELECT 1 FROM ${refusedAdditions} AND ${isHeld} IS NOT TRUE))`;

const withoutDecided = (list: SQL) => sql`(SELECT jsonb_agg(c)
  FROM jsonb_array_elements(${list}) c WHERE NOT ${isDecidedAnew})`;

/**
 * Ends debts without a call: the user has left, another rollout has changed the same license since, or
 * what was refused is there. A user who holds again what is owed is found by the call, which then changes
 * nothing. Returns the number of rows.
 */
export async function endSettledDebts(db: Queryable, orgId: string): Promise<number> {
  const { rowCount } = await db.execute(sql`
    WITH debt AS MATERIALIZED (
      SELECT u.rollout_id, u.seq, d.gone_at IS NOT NULL AS is_gone,
        d.gone_at IS NULL AND ${hasArrived} AS has_arrived,
        ${withoutDecided(sql`u.put_back`)} AS put_back, ${withoutDecided(sql`u.restored`)} AS restored
      FROM rollout_user u JOIN directory_user d USING (org_id, person_id),
        LATERAL (SELECT ${believedHoldings('d')} AS holdings) b
      WHERE u.org_id = ${orgId} AND u.outcome <> 'planned'
        AND (u.put_back IS NOT NULL OR u.restored IS NOT NULL)
        AND (u.in_flight_until IS NULL OR u.in_flight_until <= clock_timestamp())
    ), settled AS (
      SELECT rollout_id, seq,
        CASE WHEN NOT is_gone AND NOT has_arrived THEN put_back END AS put_back,
        CASE WHEN NOT is_gone THEN restored END AS restored,
        CASE WHEN is_gone THEN 'The user has left the organization.'
          WHEN has_arrived THEN 'The user has got what was refused.'
          ELSE 'Another rollout has changed it since.' END AS why
      FROM debt)
    UPDATE rollout_user u SET put_back = s.put_back, restored = s.restored,
      detail = CASE WHEN u.put_back IS NOT NULL AND s.put_back IS NULL
        THEN concat_ws(' ', u.detail, 'Nothing is owed any more.', s.why) ELSE u.detail END
    FROM settled s WHERE u.rollout_id = s.rollout_id AND u.seq = s.seq AND u.outcome <> 'planned'
      AND (u.put_back, u.restored) IS DISTINCT FROM (s.put_back, s.restored)
      AND (u.in_flight_until IS NULL OR u.in_flight_until <= clock_timestamp())`);
  return rowCount ?? 0;
}

/** Whether something is still owed to the user of a row. */
export async function isOwed(db: Queryable, { rolloutId, seq }: RowOfRollout): Promise<boolean> {
  const { rows } = await db.execute(sql`
    SELECT 1 FROM rollout_user
    WHERE rollout_id = ${rolloutId} AND seq = ${seq} AND put_back IS NOT NULL`);
  return rows.length > 0;
}

/** A user to whom something was put back, by the word of an answer. */
export interface RestoredRow extends RowOfRollout, Record<string, unknown> {
  personId: string;
  calls: number;
  restored: Change[];
  tries: number;
  ageMs: number;
}

/** Users of whom a read should show by now what was put back. */
export async function restoredRows(
  db: Queryable,
  orgId: string,
  { after, limit }: RowCursor & { limit: number },
): Promise<RestoredRow[]> {
  const { rows } = await db.execute<RestoredRow>(sql`
    -- by themselves: the order must not lead to a scan of all rows
    WITH restored AS MATERIALIZED (
      SELECT u.* FROM rollout_user u
      WHERE u.org_id = ${orgId} AND u.restored IS NOT NULL AND u.put_back IS NULL
        AND u.outcome <> 'planned' AND ${isDue})
    SELECT u.rollout_id AS "rolloutId", u.seq, u.person_id AS "personId", u.calls, u.restored,
      u.owed_tries AS tries,
      extract(epoch FROM clock_timestamp() - u.restored_at)::double precision * 1000 AS "ageMs"
    FROM restored u WHERE ${comesAfter(after)} ORDER BY u.rollout_id, u.seq LIMIT ${limit}`);
  return rows;
}

/** A read shows all that was put back. */
export async function recordSeen(db: Db, row: RestoredRow): Promise<void> {
  await update(
    db,
    row,
    sql`restored = NULL, restored_at = NULL, owed_tries = 0, owed_next_at = NULL`,
  );
}

/** A later read may show it. */
export async function lookLater(db: Db, row: RestoredRow, nextMs: number): Promise<void> {
  await update(db, row, sql`owed_next_at = ${inMs(nextMs)}`);
}

/** No read shows it: it is put back again. */
export async function recordOwedAgain(
  db: Db,
  row: RestoredRow,
  { owed, retryMs }: { owed: readonly Change[]; retryMs: number },
): Promise<void> {
  await update(
    db,
    row,
    sql`restored = NULL, restored_at = NULL, put_back = ${JSON.stringify(owed)}::jsonb,
      owed_tries = owed_tries + 1, owed_next_at = ${inMs(retryMs)},
      detail = concat_ws(' ', detail, 'No read shows that it was put back: it is put back again.')`,
  );
}

export function inMs(ms: number | SQL | Placeholder): SQL {
  return sql`clock_timestamp() + make_interval(secs => ${ms}::double precision / 1000)`;
}

/** Nobody has written the row since it was read. */
async function update(db: Db, { rolloutId, seq, calls }: RestoredRow, set: SQL): Promise<void> {
  await db.execute(sql`
    WITH ${lockedRollout(rolloutId)}
    UPDATE rollout_user u SET ${set}
    FROM locked WHERE u.rollout_id = locked.rollout_id AND u.seq = ${seq} AND u.calls = ${calls}
      AND u.restored IS NOT NULL AND u.outcome <> 'planned'`);
}
