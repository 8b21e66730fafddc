/**
 * The failure guard (R96), for statements that read `rollout`. A trigger keeps the counters of
 * its row in the statement that changes a user's row: see the migration failure_counters.
 */
import { sql, type SQL } from 'drizzle-orm';
import { failureGuard, type FailureCount } from '../../domain/rollout/guards';
import type { Db, Queryable } from '../connect';

/** While so many users wait between two attempts, no other user's first attempt begins. */
const maxBetweenAttempts = 10;

const written = sinceResume('written', sql`users_written`);
const failed = sinceResume('failed', sql`users_failed`);

/** More failures than this halt the rollout. */
export const failureLimit = sql`greatest(failure_min,
  floor(failure_percent * ${written} / 100)::integer)`;

/** Writes that may be under way together: if all of them fail, the limit is exceeded by one. */
export const writePlaces = sql`greatest(0, ${failureLimit} + 1 - ${failed})`;

/** Whether the write of a row `u` may begin. The row may hold its place already, after a lost worker. */
export function hasRoom(u: SQL, r: { freePlaces: SQL; betweenAttempts: SQL }): SQL {
  return sql`(${u}.in_flight_until IS NOT NULL OR (${r.freePlaces} > 0
    AND (${u}.intent_at IS NOT NULL OR ${r.betweenAttempts} < ${sql.raw(String(maxBetweenAttempts))})))`;
}

/**
 * The rollout's row, locked. A statement that changes a row of its users locks it first, because the
 * counters follow: whoever closes a rollout locks in the same order.
 */
export function lockedRollout(rolloutId: unknown): SQL {
  return sql`locked AS MATERIALIZED (
    SELECT r.rollout_id FROM rollout r WHERE r.rollout_id = ${rolloutId} FOR NO KEY UPDATE OF r)`;
}

/** What has been counted until now: the failure guard counts from here. */
export const guardFromHere = sql`jsonb_build_object('written', users_written,
  'failed', users_failed)`;

/** The same, if more users failed than may. */
export const guardFromIfTripped = sql`CASE WHEN ${writePlaces} = 0 THEN ${guardFromHere} ELSE guard_from END`;

/** What the failure guard counts, since the last resume. */
export async function failureCountOf(
  db: Queryable,
  rolloutId: string,
): Promise<(FailureCount & { hold: string | null; guardFrom: string | null }) | undefined> {
  const { rows } = await db.execute<
    Record<string, unknown> & FailureCount & { hold: string | null; guardFrom: string | null }
  >(sql`
    SELECT r.hold, r.guard_from::text AS "guardFrom", ${written} AS written, ${failed} AS failed,
      ${failureLimit} AS limit
    FROM rollout r WHERE r.rollout_id = ${rolloutId}`);
  return rows[0];
}

/** Whether the rollout has ever written a user without a failure. */
export async function hasWritten(db: Queryable, rolloutId: string): Promise<boolean> {
  const { rows } = await db.execute(sql`
    SELECT 1 FROM rollout r WHERE r.rollout_id = ${rolloutId} AND r.users_written > r.users_failed`);
  return rows.length > 0;
}

/**
 * Holds the rollout if too many users failed since the last resume, and returns why. A resume in
 * between has accepted those failures: then nothing is held.
 */
export async function holdIfTripped(db: Db, rolloutId: string): Promise<string | null> {
  const count = await failureCountOf(db, rolloutId);
  if (!count) return null;
  if (count.hold !== null) return count.hold;
  const verdict = failureGuard(count);
  if (!verdict.tripped) return null;
  const held = await db.execute<{ hold: string }>(sql`
    UPDATE rollout SET hold = coalesce(hold, ${verdict.reason})
    WHERE rollout_id = ${rolloutId} AND guard_from::text IS NOT DISTINCT FROM ${count.guardFrom}
    RETURNING hold`);
  return held.rows[0]?.hold ?? null;
}

function sinceResume(name: string, counter: SQL): SQL {
  return sql`greatest(0, ${counter} - coalesce((guard_from->>${sql.raw(`'${name}'`)})::integer, 0))`;
}
