/** What keeps a user's write from an outcome, and its end where nothing else ends it. */
import { sql } from 'drizzle-orm';
import type { Db } from '../connect';
import { lockedRollout } from './failure-guard';

interface Row {
  rolloutId: string;
  seq: number;
}

/** Why the last attempt of a user's write failed, and since when attempts do. */
export async function noteTrouble(db: Db, { rolloutId, seq }: Row, detail: string): Promise<void> {
  await db.execute(sql`
    UPDATE rollout_user SET detail = ${detail},
      trouble_since = coalesce(trouble_since, clock_timestamp())
    WHERE rollout_id = ${rolloutId} AND seq = ${seq} AND outcome = 'planned'`);
}

/**
 * The user failed without an answer that says so. A call whose work nobody knows stays unanswered, so
 * that reads go on. It counts as an attempt, or the failure guard wouldn't see it.
 */
export async function failUser(db: Db, { rolloutId, seq }: Row, detail: string): Promise<void> {
  await db.execute(sql`
    WITH ${lockedRollout(rolloutId)}
    UPDATE rollout_user u SET outcome = 'failed', detail = ${detail},
      attempts = greatest(u.attempts, 1)
    FROM locked WHERE u.rollout_id = locked.rollout_id AND u.seq = ${seq}
      AND u.outcome = 'planned' AND u.put_back IS NULL`);
}
