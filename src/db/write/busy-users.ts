/** Users of a rollout whom another rollout is writing: at most one write of a user is open (R25). */
import { sql, type SQL } from 'drizzle-orm';
import type { Queryable } from '../connect';

/** A write that is open for longer isn't about to end: its rollout is halted, paused or waits. */
const patience = sql.raw(`interval '10 minutes'`);

/** Row `o` of another rollout has an open write of the user of row `u`. */
const hasOpenWrite = sql`o.org_id = u.org_id AND o.person_id = u.person_id
  AND o.rollout_id <> u.rollout_id AND o.outcome = 'planned' AND o.intent_at IS NOT NULL`;

/**
 * How many users wait for a write of another rollout, and the title of one, as JSON; null: nobody does. The
 * counters of the other rollouts say whether one has open writes at all.
 */
export function busyUsers(orgId: string, rolloutId: string): SQL {
  return sql`(SELECT CASE WHEN count(*) > 0
      THEN jsonb_build_object('users', count(*), 'rollout', min(r.title)) END
    FROM rollout r JOIN rollout_user o USING (rollout_id) JOIN rollout_user u ON ${hasOpenWrite}
    WHERE r.org_id = ${orgId} AND r.rollout_id <> ${rolloutId}
      AND r.users_in_flight + r.users_between_attempts > 0
      AND u.rollout_id = ${rolloutId} AND u.outcome = 'planned' AND u.intent_at IS NULL)`;
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
