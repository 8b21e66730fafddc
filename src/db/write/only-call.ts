/**
 * At most one call of a user is under way, in whichever rollouts: a unique index over the calls says so.
 * Two statements that look for each other's call would both miss it in the same instant.
 */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';

/** Row `seq` of a rollout's stored plan. */
export interface RowOfRollout {
  rolloutId: string;
  seq: number;
}

const uniqueViolation = '23505';

/**
 * Takes a permit by `take`, a single statement; null where another rollout has a call of the user under
 * way, or an open write. A call whose process has died counts until it can't be under way any more.
 */
export async function asOnlyCall<T>(
  db: Queryable,
  row: RowOfRollout,
  take: () => Promise<T>,
): Promise<T | null> {
  const first = await unlessTaken(take);
  if (first) return first.taken;
  return (await forgetLostCalls(db, row)) > 0 ? ((await unlessTaken(take))?.taken ?? null) : null;
}

async function unlessTaken<T>(take: () => Promise<T>): Promise<{ taken: T } | null> {
  try {
    return { taken: await take() };
  } catch (error) {
    if (isUniqueViolation(error)) return null;
    throw error;
  }
}

function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === uniqueViolation) || isUniqueViolation(error.cause);
}

/** Calls of closed rows: an open row needs to know of its own. No counter changes by it. */
async function forgetLostCalls(db: Queryable, { rolloutId, seq }: RowOfRollout): Promise<number> {
  const { rowCount } = await db.execute(sql`
    UPDATE rollout_user o SET in_flight_until = NULL FROM rollout_user u
    WHERE u.rollout_id = ${rolloutId} AND u.seq = ${seq}
      AND o.org_id = u.org_id AND o.person_id = u.person_id AND o.rollout_id <> u.rollout_id
      AND o.outcome <> 'planned' AND o.in_flight_until <= clock_timestamp()`);
  return rowCount ?? 0;
}
