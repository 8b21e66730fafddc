import { sql } from 'drizzle-orm';
import type { Queryable } from '../../connect';
import { groupNosOf, numberGroup, numberOrganization } from '../../numbers';

/** Members of one group are members of another from now on, who are missing from its list. */
export async function moveMembers(
  tx: Queryable,
  { orgId, from, to }: { orgId: string; from: string; to: string },
): Promise<void> {
  const orgNo = await numberOrganization(tx, orgId);
  const fromNo = await numberGroup(tx, orgNo, from);
  const toNo = await numberGroup(tx, orgNo, to);
  await tx.execute(sql`
    WITH before AS (DELETE FROM mirror_member WHERE group_no = ${fromNo} RETURNING *)
    INSERT INTO mirror_member (group_no, user_no, first_seen_at, missing_since)
    SELECT ${toNo}, user_no, first_seen_at, now() FROM before
    ON CONFLICT (user_no, group_no) DO NOTHING`);
  await tx.execute(sql`
    WITH before AS (DELETE FROM mirror_other_member WHERE group_no = ${fromNo} RETURNING *)
    INSERT INTO mirror_other_member (group_no, member_id, type, first_seen_at, missing_since)
    SELECT ${toNo}, member_id, type, first_seen_at, now() FROM before WHERE member_id <> ${to}
    ON CONFLICT (group_no, member_id) DO NOTHING`);
}

/** Forgets the members of these groups. */
export async function forgetMembers(
  tx: Queryable,
  orgId: string,
  groupIds: readonly string[],
): Promise<void> {
  for (const table of [sql`mirror_member`, sql`mirror_other_member`]) {
    await tx.execute(sql`DELETE FROM ${table} WHERE group_no IN ${groupNosOf(orgId, groupIds)}`);
  }
}
