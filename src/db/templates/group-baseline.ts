/** Who was in a group when its template began to govern: everybody who is shown later has joined (R91). */
import { sql } from 'drizzle-orm';
import { readSettings } from '../admin/settings';
import type { Queryable } from '../connect';
import { readGroupCovers } from '../directory/group-covers';
import { textList } from '../sql';

/** How old a list may be that is the baseline of a save because no worker could read it again. */
const freshFor = sql.raw(`interval '1 hour'`);

interface GroupRef {
  orgId: string;
  groupId: string;
}

/** When the members of this group were last read whole, if that is recent; null otherwise. */
async function freshMembersReadAt(
  db: Queryable,
  { orgId, groupId }: GroupRef,
): Promise<Date | null> {
  const { rows } = await db.execute<{ at: string }>(sql`
    SELECT members_read_at AS at FROM directory_group WHERE org_id = ${orgId}
      AND group_id = ${groupId} AND members_read_at > now() - ${freshFor}`);
  return rows[0] ? new Date(rows[0].at) : null;
}

/**
 * Before a group's first revision is saved to govern at once: its baseline is the last whole read, if that
 * is recent. Otherwise the first check after the save reads the baseline. Returns the time of the read.
 */
export async function beginBaseline(tx: Queryable, group: GroupRef): Promise<Date | null> {
  const readAt = await freshMembersReadAt(tx, group);
  if (readAt !== null) {
    await keepBaseline(tx, group);
    return readAt;
  }
  for (const table of [sql`watch_member`, sql`watch_group`]) {
    await tx.execute(sql`
      DELETE FROM ${table} WHERE org_id = ${group.orgId} AND group_id = ${group.groupId}`);
  }
  return null;
}

/** Whether a revision for this group would be the first that governs it. */
export async function isUngoverned(db: Queryable, { orgId, groupId }: GroupRef): Promise<boolean> {
  const { rows } = await db.execute(sql`
    SELECT 1 FROM template WHERE org_id = ${orgId} AND group_id = ${groupId}
      AND deleted_at IS NULL AND in_force_revision IS NOT NULL`);
  return rows.length === 0;
}

/**
 * Makes the members in the mirror the group's baseline, if they were ever read whole. It replaces what the
 * watch remembers of an earlier template. A member who was missing from the last list isn't taken over.
 */
async function keepBaseline(tx: Queryable, { orgId, groupId }: GroupRef): Promise<void> {
  const { includeParentGroups: includeInner } = (await readSettings(tx, orgId)).settings;
  const covers = await readGroupCovers(tx, { orgId, groupIds: [groupId], includeInner });
  const inner = covers.flatMap(({ memberGroupIds }) => memberGroupIds);
  const { rowCount } = await tx.execute(sql`
    INSERT INTO watch_group (org_id, group_id, since)
    SELECT org_id, group_id, members_read_at FROM directory_group
    WHERE org_id = ${orgId} AND group_id = ${groupId} AND members_read_at IS NOT NULL
    ON CONFLICT (org_id, group_id) DO UPDATE SET since = excluded.since`);
  if (!rowCount) return;
  await tx.execute(sql`DELETE FROM watch_member WHERE org_id = ${orgId} AND group_id = ${groupId}`);
  await tx.execute(sql`
    INSERT INTO watch_member (org_id, group_id, person_id)
    SELECT DISTINCT m.org_id, ${groupId}, m.member_id
    FROM directory_member m JOIN directory_user u
      ON u.org_id = m.org_id AND u.person_id = m.member_id
    WHERE m.org_id = ${orgId} AND m.group_id IN ${textList(inner)} AND m.missing_since IS NULL`);
}

/** After a plan from members who were just read: the baseline of a template that governs nobody yet. */
export async function keepPlannedBaseline(
  tx: Queryable,
  { orgId, templateId }: { orgId: string; templateId: string },
): Promise<void> {
  for (const group of await groupsToBeGoverned(tx, orgId, [templateId])) {
    await keepBaseline(tx, group);
  }
}

/** Before first drafts are promoted: the last whole read, where no plan has kept a baseline. */
export async function completeBaselines(
  tx: Queryable,
  { orgId, templateIds }: { orgId: string; templateIds: readonly string[] },
): Promise<void> {
  for (const group of await groupsToBeGoverned(tx, orgId, templateIds)) {
    const { rows } = await tx.execute(sql`SELECT 1 FROM watch_group
      WHERE org_id = ${orgId} AND group_id = ${group.groupId}`);
    if (rows.length === 0) await keepBaseline(tx, group);
  }
}

async function groupsToBeGoverned(
  tx: Queryable,
  orgId: string,
  templateIds: readonly string[],
): Promise<GroupRef[]> {
  const { rows } = await tx.execute<{ groupId: string }>(sql`
    SELECT group_id AS "groupId" FROM template
    WHERE org_id = ${orgId} AND template_id::text IN ${textList(templateIds)}
      AND group_id IS NOT NULL AND in_force_revision IS NULL AND deleted_at IS NULL`);
  return rows.map(({ groupId }) => ({ orgId, groupId }));
}
