/** What decisions depend on and a plan doesn't store (R101). */
import { sql } from 'drizzle-orm';
import type { PlanBasis } from '../../domain/plan/aged/plan-basis';
import type { Queryable } from '../connect';
import type { GroupCover } from '../directory/group-covers';
import { textList } from '../sql';

/**
 * A digest of the members of each of these groups and those inside them, the same in any order. Members of
 * whom the last reads don't show that they belong to it are told apart: they may lose nothing (R88).
 */
export async function digestMemberships(
  tx: Queryable,
  orgId: string,
  covers: readonly GroupCover[],
): Promise<PlanBasis['memberships']> {
  const groupIds = [...new Set(covers.flatMap(({ memberGroupIds }) => memberGroupIds))].sort();
  if (groupIds.length === 0) return {};
  const { rows } = await tx.execute<{ groupId: string; digest: string }>(sql`
    SELECT g.id AS "groupId", count(m.member_id) || '/'
      || coalesce(sum(hashtextextended(m.member_id, 0)), 0)
      || CASE WHEN count(m.missing_since) > 0 THEN '/' || count(m.missing_since) || '/'
        || sum(hashtextextended(m.member_id, 1)) FILTER (WHERE m.missing_since IS NOT NULL)
        ELSE '' END
      || CASE WHEN bool_or(d.gone_at IS NOT NULL) THEN '/vanished' ELSE '' END AS digest
    FROM ${textList(groupIds)} AS g(id)
      LEFT JOIN directory_member m ON m.org_id = ${orgId} AND m.group_id = g.id
      LEFT JOIN directory_group d ON d.org_id = ${orgId} AND d.group_id = g.id
    GROUP BY g.id ORDER BY g.id`);
  return Object.fromEntries(rows.map(({ groupId, digest }) => [groupId, digest]));
}
