/** Users to whom something is owed (R95), over all rollouts. */
import { sql } from 'drizzle-orm';
import type { Change } from '../../domain/model/change';
import type { Queryable } from '../connect';
import { isoText } from '../sql';

export interface OwedUser extends Record<string, unknown> {
  personId: string;
  email: string;
  displayName: string;
  rolloutId: string;
  /** What has to be put back. */
  putBack: Change[];
  /** Why it couldn't be until now. */
  detail: string | null;
  /** Null: it is being tried. */
  nextTryAt: string | null;
}

/** Of the organization, or one user of it. */
export async function listOwedUsers(
  db: Queryable,
  orgId: string,
  limit: number,
  personId: string | null = null,
): Promise<{ users: number; first: OwedUser[] }> {
  const { rows } = await db.execute<OwedUser & { users: number }>(sql`
    SELECT u.person_id AS "personId", u.email, u.display_name AS "displayName",
      u.rollout_id AS "rolloutId", u.put_back AS "putBack", u.detail,
      ${isoText('u.owed_next_at')} AS "nextTryAt", (count(*) OVER ())::int AS users
    FROM rollout_user u
    WHERE u.org_id = ${orgId} AND u.put_back IS NOT NULL
      AND (${personId}::text IS NULL OR u.person_id = ${personId})
    ORDER BY u.rollout_id, u.seq LIMIT ${limit}`);
  return { users: rows[0]?.users ?? 0, first: rows };
}
