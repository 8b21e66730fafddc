/** What a statement needn't look for in each user, because nobody has it. */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';
import type { GroupCover } from '../directory/group-covers';
import { groupNosOf } from '../numbers';
import { isWaiting } from '../sql';

export interface RareFacts {
  /** Somebody waits for a unit. */
  isAnyWaiting: boolean;
  /** Something was added or removed. */
  isAnyWritten: boolean;
  /** A member of these groups is known by their id only: no read of people had shown them. */
  isAnyUnnumbered: boolean;
}

/** For statements about few users: each is looked at. */
export const anyFacts: RareFacts = {
  isAnyWaiting: true,
  isAnyWritten: true,
  isAnyUnnumbered: true,
};

export async function readRareFacts(
  tx: Queryable,
  { orgId, groups }: { orgId: string; groups: readonly GroupCover[] },
): Promise<RareFacts> {
  const inner = [...new Set(groups.flatMap(({ memberGroupIds }) => memberGroupIds))];
  const { rows } = await tx.execute<RareFacts & Record<string, unknown>>(sql`
    SELECT EXISTS (SELECT 1 FROM rollout_row w WHERE w.org_id = ${orgId} AND ${isWaiting('w')})
        AS "isAnyWaiting",
      EXISTS (SELECT 1 FROM ledger l WHERE l.org_id = ${orgId}) AS "isAnyWritten",
      EXISTS (SELECT 1 FROM mirror_other_member m WHERE m.type = 'user'
        AND m.group_no IN ${groupNosOf(orgId, inner)}) AS "isAnyUnnumbered"`);
  return rows[0] ?? anyFacts;
}
