/** Users for whom the watch tried for a day and who wait for a person (R100). */
import { sql } from 'drizzle-orm';
import type { ReactionCause } from '../../domain/watch/reaction';
import type { Queryable } from '../connect';
import { answerBelievedUntil } from '../sql';

export interface GivenUp extends Record<string, unknown> {
  personId: string;
  email: string;
  displayName: string;
  causes: ReactionCause[];
  foundAt: string;
  attempts: number;
  /** Why the last write failed. */
  failure: string | null;
}

/** Nothing was found or written about the user since, and the user is in the organization. */
const stillWaits = sql`e.gave_up_at IS NOT NULL AND d.gone_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM reaction later WHERE later.org_id = e.org_id
    AND later.person_id = e.person_id AND later.reaction_id > e.reaction_id)
  AND NOT EXISTS (SELECT 1 FROM rollout_user u WHERE u.org_id = e.org_id
    AND u.person_id = e.person_id AND u.written_at > e.gave_up_at
    AND u.outcome IN ('applied', 'converged'))`;

/** All of the organization's, or one user of it. */
export async function listGivenUp(
  db: Queryable,
  orgId: string,
  limit: number,
  personId: string | null = null,
): Promise<{ users: number; first: GivenUp[] }> {
  const { rows } = await db.execute<GivenUp & { users: number }>(sql`
    SELECT e.person_id AS "personId", d.email, d.display_name AS "displayName", e.causes,
      e.found_at AS "foundAt", e.attempts + 1 AS attempts, e.failure,
      (count(*) OVER ())::int AS users
    FROM reaction e JOIN directory_user d USING (org_id, person_id)
    WHERE e.org_id = ${orgId} AND ${stillWaits}
      AND (${personId}::text IS NULL OR e.person_id = ${personId})
    ORDER BY e.reaction_id LIMIT ${limit}`);
  return { users: rows[0]?.users ?? 0, first: rows };
}

/**
 * Lets the watch try again, for another day, for all users who wait for a person. A write that no read
 * showed is planned again once its answer is no longer believed: before that, nothing would change.
 */
export async function tryGivenUpAgain(tx: Queryable, orgId: string): Promise<number> {
  const { rowCount } = await tx.execute(sql`
    INSERT INTO reaction (org_id, person_id, mode, causes, not_before)
    SELECT e.org_id, e.person_id, e.mode, e.causes,
      CASE WHEN u.outcome = 'unconverged' THEN ${answerBelievedUntil('d')} END
    FROM reaction e JOIN directory_user d USING (org_id, person_id)
      LEFT JOIN rollout_user u ON u.rollout_id = e.rollout_id AND u.person_id = e.person_id
    WHERE e.org_id = ${orgId} AND ${stillWaits}
    ON CONFLICT DO NOTHING`);
  return rowCount ?? 0;
}
