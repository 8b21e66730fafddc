/** The groups that a group covers: itself and, depending on the settings, the groups inside it (R10). */
import { sql, type SQL } from 'drizzle-orm';
import type { Queryable } from '../connect';
import { textList } from '../sql';

/**
 * Covers of these groups. Groups may hold one another in a circle. A group that the last read didn't show,
 * or that was missing from the list of the group around it, still counts (R33, R89), but not for certain.
 */
export async function readGroupCovers(
  tx: Queryable,
  input: { orgId: string; groupIds: readonly string[]; includeInner: boolean },
): Promise<GroupCover[]> {
  const { orgId, groupIds, includeInner } = input;
  if (groupIds.length === 0) return [];
  const isShown = (id: SQL) => sql`NOT EXISTS (SELECT 1 FROM directory_group g
    WHERE g.org_id = ${orgId} AND g.group_id = ${id} AND g.gone_at IS NOT NULL)`;
  const { rows } = await tx.execute<CoverRow>(sql`
    WITH RECURSIVE cover(group_id, inner_id, is_certain) AS (
      SELECT id, id, ${isShown(sql`id`)} FROM ${textList(groupIds)} AS g(id)
      UNION
      SELECT c.group_id, m.member_id,
        c.is_certain AND m.missing_since IS NULL AND ${isShown(sql`m.member_id`)}
      FROM cover c JOIN directory_member m
        ON m.org_id = ${orgId} AND m.group_id = c.inner_id AND m.type = 'group'
      WHERE ${includeInner}
    )
    SELECT group_id AS "groupId", jsonb_agg(DISTINCT inner_id) AS "memberGroupIds",
      jsonb_agg(DISTINCT inner_id) FILTER (WHERE is_certain) AS "certainIds"
    FROM cover GROUP BY group_id ORDER BY group_id`);
  return rows.map(({ groupId, memberGroupIds, certainIds }) => {
    const doubtful = memberGroupIds.filter((id) => certainIds?.includes(id) !== true);
    return {
      groupId,
      memberGroupIds,
      ...(doubtful.length > 0 ? { doubtfulGroupIds: doubtful } : {}),
    };
  });
}

interface CoverRow extends Record<string, unknown> {
  groupId: string;
  memberGroupIds: string[];
  /** Null where none is certain. */
  certainIds: string[] | null;
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
  /** Of these, groups of which the last reads don't show that they count; absent: none. */
  doubtfulGroupIds?: readonly string[];
}
