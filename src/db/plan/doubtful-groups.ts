/** Groups to which a user may not belong any more: nothing is taken because of those (R88, R89). */
import { sql, type SQL } from 'drizzle-orm';
import type { Queryable } from '../connect';
import type { GroupCover } from '../directory/group-covers';
import { textList } from '../sql';

const none = sql`NULL::jsonb`;

/**
 * The groups, among these, to which user `u` belongs in the mirror although the last reads don't show it for
 * certain: the user is missing from the list, or a group on the way is. It costs nothing while nothing is
 * missing.
 */
export async function doubtfulGroupsColumn(
  tx: Queryable,
  { orgId, groups }: { orgId: string; groups: readonly GroupCover[] },
): Promise<SQL> {
  if (!(await isAnyDoubtful(tx, orgId, groups))) return none;
  const pairs = groups.flatMap(({ groupId, memberGroupIds, doubtfulGroupIds = [] }) =>
    memberGroupIds.map((inner) => ({
      outer_id: groupId,
      inner_id: inner,
      is_certain: !doubtfulGroupIds.includes(inner),
    })),
  );
  return sql`(SELECT jsonb_agg(d.outer_id ORDER BY d.outer_id) FROM (
    SELECT c.outer_id
    FROM jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb)
        AS c(outer_id text, inner_id text, is_certain boolean)
      JOIN directory_member m ON m.org_id = u.org_id AND m.member_id = u.person_id
        AND m.group_id = c.inner_id
    GROUP BY c.outer_id HAVING NOT bool_or(c.is_certain AND m.missing_since IS NULL)) d)`;
}

async function isAnyDoubtful(
  tx: Queryable,
  orgId: string,
  groups: readonly GroupCover[],
): Promise<boolean> {
  if (groups.some(({ doubtfulGroupIds }) => doubtfulGroupIds !== undefined)) return true;
  const inner = [...new Set(groups.flatMap(({ memberGroupIds }) => memberGroupIds))];
  if (inner.length === 0) return false;
  const { rows } = await tx.execute(sql`
    SELECT 1 FROM directory_member m WHERE m.org_id = ${orgId} AND m.missing_since IS NOT NULL
      AND m.group_id IN ${textList(inner)} LIMIT 1`);
  return rows.length > 0;
}
