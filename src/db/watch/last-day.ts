/** What automatic rollouts did in the organization's last 24 hours, in distinct users (R106). */
import { sql } from 'drizzle-orm';
import { failureOutcomes } from '../../domain/rollout/what-went-wrong';
import type { LastDay } from '../../domain/watch/arrange-reactions';
import type { Queryable } from '../connect';
import { textList } from '../sql';

/** Rows that took nothing and never will. */
const untouched = ['conflict', 'gone', 'withheld', 'blocked', 'unchanged'];

/**
 * By the database's clock (R93). A user who failed and was then written counts as written. When a person
 * starts a plan of the watch, the failures before that are accepted.
 */
export async function readLastDay(db: Queryable, orgId: string): Promise<LastDay> {
  const losing = await db.execute<{ id: string }>(sql`
    SELECT DISTINCT u.person_id AS id FROM rollout r JOIN rollout_user u USING (rollout_id)
    WHERE r.org_id = ${orgId} AND r.automatic AND r.created_at > now() - interval '24 hours'
      AND u.outcome NOT IN ${textList(untouched)}
      AND u.changes @? '$[*] ? (@.operation == "remove" && @.reason.rule == "R29")'
    UNION
    SELECT e.person_id FROM rollout r JOIN reaction e USING (rollout_id)
    WHERE r.org_id = ${orgId} AND r.automatic AND r.phase = 'planning' AND e.mode = 'exact'`);
  const { rows } = await db.execute<{ written: number; failed: number }>(sql`
    WITH accepted AS (
      SELECT max(started_at) AS at FROM rollout WHERE org_id = ${orgId} AND NOT automatic
        AND request->'change'->>'kind' = 'reconcile'
    ), latest AS (
      SELECT DISTINCT ON (u.person_id) u.outcome
      FROM rollout r JOIN rollout_user u USING (rollout_id)
      WHERE r.org_id = ${orgId} AND r.automatic AND u.attempts > 0 AND u.outcome <> 'planned'
        AND r.created_at > greatest(now() - interval '24 hours', (SELECT at FROM accepted))
      ORDER BY u.person_id, r.created_at DESC
    )
    SELECT count(*)::int AS written,
      (count(*) FILTER (WHERE outcome IN ${textList(failureOutcomes)}))::int AS failed
    FROM latest`);
  const { written = 0, failed = 0 } = rows[0] ?? {};
  return { losing: new Set(losing.rows.map(({ id }) => id)), written, failed };
}
