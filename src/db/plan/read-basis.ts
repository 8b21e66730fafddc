/** What decisions depend on and a plan doesn't store (R101). */
import { sql } from 'drizzle-orm';
import type { PlanBasis } from '../../domain/plan/aged/plan-basis';
import type { Queryable } from '../connect';
import type { GroupCover } from '../directory/group-covers';
import { textList } from '../sql';

/** A digest of the members of each of these groups and those inside them, the same in any order. */
export async function digestMemberships(
  tx: Queryable,
  orgId: string,
  covers: readonly GroupCover[],
): Promise<PlanBasis['memberships']> {
  const groupIds = [...new Set(covers.flatMap(({ memberGroupIds }) => memberGroupIds))].sort();
  if (groupIds.length === 0) return {};
  const { rows } = await tx.execute<{ groupId: string; digest: string }>(sql`
    SELECT g.id AS "groupId", count(m.member_id) || '/'
      || coalesce(sum(hashtextextended(m.member_id, 0)), 0) AS digest
    FROM ${textList(groupIds)} AS g(id)
      LEFT JOIN directory_member m ON m.org_id = ${orgId} AND m.group_id = g.id
    GROUP BY g.id ORDER BY g.id`);
  return Object.fromEntries(rows.map(({ groupId, digest }) => [groupId, digest]));
}
