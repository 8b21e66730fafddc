/** Users of a rollout whom another rollout is writing: at most one write of a user is open (R25). */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';

/** A write that is open for longer isn't about to end: its rollout is halted, paused or waits. */
const patience = sql.raw(`interval '10 minutes'`);

/** Row `o` of another rollout has an open write of the user of row `u`. */
const hasOpenWrite = sql`o.org_id = u.org_id AND o.person_id = u.person_id
  AND o.rollout_id <> u.rollout_id AND o.outcome = 'planned' AND o.intent_at IS NOT NULL`;

/** How many users wait for a write of another rollout, and the title of one; null: nobody does. */
export async function busyUsers(
  db: Queryable,
  rolloutId: string,
): Promise<{ users: number; rollout: string } | null> {
  const { rows } = await db.execute<{ users: number; rollout: string | null }>(sql`
    SELECT count(*)::int AS users, min(r.title) AS rollout
    FROM rollout_user o JOIN rollout_user u ON ${hasOpenWrite}
      JOIN rollout r ON r.rollout_id = o.rollout_id
    WHERE u.rollout_id = ${rolloutId} AND u.outcome = 'planned' AND u.intent_at IS NULL`);
  const [found] = rows;
  return found?.rollout ? { users: found.users, rollout: found.rollout } : null;
}

/** The title of the rollout whose write of this user has been open for too long; null: there is none. */
export async function longBusyWith(
  db: Queryable,
  { rolloutId, seq }: { rolloutId: string; seq: number },
): Promise<string | null> {
  const { rows } = await db.execute<{ title: string }>(sql`
    SELECT r.title FROM rollout_user u JOIN rollout_user o ON ${hasOpenWrite}
      JOIN rollout r ON r.rollout_id = o.rollout_id
    WHERE u.rollout_id = ${rolloutId} AND u.seq = ${seq} AND o.intent_at < now() - ${patience}`);
  return rows[0]?.title ?? null;
}
