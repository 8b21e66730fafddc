/** The groups that a group covers: itself and, depending on the settings, the groups inside it (R10). */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';
import { textList } from '../sql';

/** Covers of these groups. Groups may hold one another in a circle. */
export async function readGroupCovers(
  tx: Queryable,
  input: { orgId: string; groupIds: readonly string[]; includeInner: boolean },
): Promise<GroupCover[]> {
  const { orgId, groupIds, includeInner } = input;
  const alone = groupIds.map((groupId) => ({ groupId, memberGroupIds: [groupId] }));
  if (!includeInner || groupIds.length === 0) return alone;
  const { rows } = await tx.execute<{ groupId: string; memberGroupIds: string[] }>(sql`
    WITH RECURSIVE cover(group_id, inner_id) AS (
      SELECT id, id FROM ${textList(groupIds)} AS g(id)
      UNION
      SELECT c.group_id, m.member_id FROM cover c JOIN directory_member m
        ON m.org_id = ${orgId} AND m.group_id = c.inner_id AND m.type = 'group'
    )
    SELECT group_id AS "groupId", jsonb_agg(inner_id ORDER BY inner_id) AS "memberGroupIds"
    FROM cover GROUP BY group_id`);
  return rows;
}

/** Groups whose members decide something: all that hold a template, without the vanished (R33). */
export async function listTemplatedGroups(db: Queryable, orgId: string): Promise<string[]> {
  const { rows } = await db.execute<{ group_id: string }>(sql`
    SELECT t.group_id FROM template t JOIN directory_group g USING (org_id, group_id)
    WHERE t.org_id = ${orgId} AND t.deleted_at IS NULL AND g.gone_at IS NULL
    ORDER BY t.group_id`);
  return rows.map(({ group_id }) => group_id);
}

/** Of these, groups whose members were last read before their template was first saved, or never. */
export async function listUnreadGroups(db: Queryable, orgId: string): Promise<string[]> {
  const { rows } = await db.execute<{ group_id: string }>(sql`
    SELECT t.group_id FROM template t JOIN directory_group g USING (org_id, group_id)
    WHERE t.org_id = ${orgId} AND t.deleted_at IS NULL AND g.gone_at IS NULL
      AND (g.members_read_at IS NULL OR g.members_read_at < t.created_at)
    ORDER BY t.group_id`);
  return rows.map(({ group_id }) => group_id);
}

/** Groups that hold a template and that the last read didn't show (R33). */
export async function readVanishedGroups(tx: Queryable, orgId: string): Promise<string[]> {
  const { rows } = await tx.execute<{ group_id: string }>(sql`
    SELECT t.group_id FROM template t JOIN directory_group g USING (org_id, group_id)
    WHERE t.org_id = ${orgId} AND t.deleted_at IS NULL AND g.gone_at IS NOT NULL
    ORDER BY t.group_id`);
  return rows.map(({ group_id }) => group_id);
}

/** Groups whose members count as members of `groupId`: itself, and those inside it (R10). */
export interface GroupCover {
  groupId: string;
  memberGroupIds: readonly string[];
}
