import { sql } from 'drizzle-orm';
import type { Queryable } from '../../connect';

/**
 * Members of groups who were listed before any read of people showed them are users of the mirror now. It
 * is done again with each list of a group: whoever is left out meanwhile is a member all the same.
 */
export async function adoptMembers(
  db: Queryable,
  { orgNo, personIds }: { orgNo: number; personIds: readonly string[] },
): Promise<void> {
  await db.execute(sql`
    WITH adopted AS (
      DELETE FROM mirror_other_member m USING mirror_user u, group_number g
      WHERE m.type = 'user' AND m.member_id = ANY(${sql.param(personIds)}::text[])
        AND g.group_no = m.group_no AND g.org_no = ${orgNo}
        AND u.org_no = ${orgNo} AND u.person_id = m.member_id
      RETURNING m.*, u.user_no
    )
    INSERT INTO mirror_member (user_no, group_no, first_seen_at, missing_since, missing_checks, counted_at)
    SELECT user_no, group_no, first_seen_at, missing_since, missing_checks, counted_at FROM adopted
    ON CONFLICT (user_no, group_no) DO NOTHING`);
}
