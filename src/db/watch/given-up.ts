/** Users for whom the watch tried for a day and who wait for a person (R100). */
import { sql } from 'drizzle-orm';
import type { ReactionCause } from '../../domain/watch/reaction';
import type { Queryable } from '../connect';

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

export async function listGivenUp(
  db: Queryable,
  orgId: string,
  limit: number,
): Promise<{ users: number; first: GivenUp[] }> {
  const { rows } = await db.execute<GivenUp & { users: number }>(sql`
    SELECT e.person_id AS "personId", d.email, d.display_name AS "displayName", e.causes,
      e.found_at AS "foundAt", e.attempts + 1 AS attempts, e.failure,
      (count(*) OVER ())::int AS users
    FROM reaction e JOIN directory_user d USING (org_id, person_id)
    WHERE e.org_id = ${orgId} AND ${stillWaits}
    ORDER BY e.reaction_id LIMIT ${limit}`);
  return { users: rows[0]?.users ?? 0, first: rows };
}

/** Lets the watch try again, for another day, for all users who wait for a person. */
export async function tryGivenUpAgain(tx: Queryable, orgId: string): Promise<number> {
  const { rowCount } = await tx.execute(sql`
    INSERT INTO reaction (org_id, person_id, mode, causes)
    SELECT e.org_id, e.person_id, e.mode, e.causes
    FROM reaction e JOIN directory_user d USING (org_id, person_id)
    WHERE e.org_id = ${orgId} AND ${stillWaits}
    ON CONFLICT DO NOTHING`);
  return rowCount ?? 0;
}
