import { and, eq, inArray } from 'drizzle-orm';
import type { Queryable } from '../connect';
import { directoryGroup } from '../schema';

/** Display names by id, including groups that no longer exist. */
export async function readGroupNames(
  db: Queryable,
  orgId: string,
  groupIds: readonly string[],
): Promise<Map<string, string>> {
  if (groupIds.length === 0) return new Map();
  const { groupId, displayName } = directoryGroup;
  const rows = await db
    .select({ groupId, displayName })
    .from(directoryGroup)
    .where(and(eq(directoryGroup.orgId, orgId), inArray(groupId, [...groupIds])));
  return new Map(rows.map((row) => [row.groupId, row.displayName]));
}
