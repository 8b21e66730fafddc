/** Groups and their members in the mirror: what vanished, and when it counts as deleted (R33). */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';

/** Two reads closer than this count as one: both may have seen the same failure. */
const leastMsBetweenLooks = 5_000;

export interface MirroredGroup {
  groupId: string;
  displayName: string;
  memberSize: number | null;
  isLocation: boolean;
  /** Absent or null: the read didn't show it, and the known value is kept. */
  source?: string | null;
  usage?: string | null;
}

/** When the list of groups was requested, and when it was complete. */
export interface GroupsLook {
  startedAt: Date;
  endedAt: Date;
}

/**
 * Replaces the list of groups. A group that a read doesn't show has vanished (`gone_at`); if a second
 * read, started after the first had ended, doesn't show it either, it counts as deleted (R33). A read that
 * shows no group at all proves nothing.
 */
export async function mirrorGroups(
  db: Queryable,
  orgId: string,
  groups: readonly MirroredGroup[],
  look: GroupsLook,
): Promise<void> {
  const rows = groups.map((group) => ({
    group_id: group.groupId,
    display_name: group.displayName,
    member_size: group.memberSize,
    is_location: group.isLocation,
    source: group.source ?? null,
    usage: group.usage ?? null,
  }));
  const startedAt = sql`${look.startedAt.toISOString()}::timestamptz`;
  const endedAt = sql`${look.endedAt.toISOString()}::timestamptz`;
  await db.execute(sql`
    INSERT INTO directory_group AS d (org_id, group_id, display_name, member_size, is_location, source,
      usage, read_at)
    SELECT ${orgId}, r.*, ${startedAt} FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS r(group_id text, display_name text, member_size int, is_location boolean, source text,
        usage text)
    ON CONFLICT (org_id, group_id) DO UPDATE SET display_name = excluded.display_name,
      member_size = excluded.member_size,
      is_location = excluded.is_location
        OR coalesce(lower(coalesce(excluded.usage, d.usage)) = 'location', false),
      source = coalesce(excluded.source, d.source), usage = coalesce(excluded.usage, d.usage),
      read_at = greatest(d.read_at, excluded.read_at),
      gone_at = NULL, missed_looks = 0, deleted_at = NULL`);
  const proves = sql`${groups.length > 0}`;
  const isAnotherLook = sql`${startedAt} >= gone_at + ${leastMsBetweenLooks} * interval '1 ms'`;
  await db.execute(sql`
    UPDATE directory_group SET
      gone_at = CASE WHEN ${proves} AND missed_looks = 0 THEN ${endedAt}
        ELSE coalesce(gone_at, ${endedAt}) END,
      missed_looks = CASE WHEN ${proves} AND (missed_looks = 0 OR ${isAnotherLook})
        THEN missed_looks + 1 ELSE missed_looks END,
      deleted_at = CASE WHEN ${proves} AND missed_looks > 0 AND ${isAnotherLook} THEN ${endedAt} END
    WHERE org_id = ${orgId} AND read_at < ${startedAt} AND deleted_at IS NULL`);
}

/** A group whose members weren't found: it has vanished since the list of groups was read (R33). */
export async function markGroupGone(db: Queryable, orgId: string, groupId: string): Promise<void> {
  await db.execute(sql`
    UPDATE directory_group SET gone_at = now()
    WHERE org_id = ${orgId} AND group_id = ${groupId} AND gone_at IS NULL`);
}

/** How a group was at its last look, and how many members were in its last whole list. */
export interface KnownGroup extends Record<string, unknown> {
  displayName: string;
  memberSize: number | null;
  /** Null: its members were never read. */
  members: number | null;
  /** Groups inside it, as last read. */
  innerIds: string[];
}

/** Null where the mirror has no such group. */
export async function readKnownGroup(
  db: Queryable,
  orgId: string,
  groupId: string,
): Promise<KnownGroup | null> {
  const { rows } = await db.execute<KnownGroup>(sql`
    SELECT g.display_name AS "displayName", g.member_size AS "memberSize",
      CASE WHEN g.members_read_at IS NOT NULL THEN count(m.member_id)::int END AS members,
      coalesce(jsonb_agg(m.member_id) FILTER (WHERE m.type = 'group'), '[]') AS "innerIds"
    FROM directory_group g LEFT JOIN directory_member m USING (org_id, group_id)
    WHERE g.org_id = ${orgId} AND g.group_id = ${groupId}
    GROUP BY g.org_id, g.group_id`);
  return rows[0] ?? null;
}

/**
 * Replaces a group's direct members in one step. A group inside it that has vanished stays until it
 * counts as deleted: its members must not seem to have left (R33).
 */
export async function mirrorMembers(
  db: Queryable,
  input: {
    orgId: string;
    groupId: string;
    members: readonly { memberId: string; type: string }[];
    readAt: Date;
  },
): Promise<void> {
  const { orgId, groupId } = input;
  const rows = input.members.map(({ memberId, type }) => ({ member_id: memberId, type }));
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      DELETE FROM directory_member m WHERE m.org_id = ${orgId} AND m.group_id = ${groupId}
        AND NOT (m.type = 'group' AND EXISTS (SELECT 1 FROM directory_group g
          WHERE g.org_id = m.org_id AND g.group_id = m.member_id
            AND g.gone_at IS NOT NULL AND g.deleted_at IS NULL))`);
    await tx.execute(sql`
      INSERT INTO directory_member (org_id, group_id, member_id, type)
      SELECT ${orgId}, ${groupId}, r.*
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(member_id text, type text)
      ON CONFLICT DO NOTHING`);
    await tx.execute(sql`
      UPDATE directory_group SET members_read_at = ${input.readAt.toISOString()}::timestamptz
      WHERE org_id = ${orgId} AND group_id = ${groupId}`);
  });
}
