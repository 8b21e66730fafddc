/** Groups in the mirror: what a list showed, and what it didn't (R33). */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../../connect';
import { acceptList, endIncomplete, listName } from '../beliefs/beliefs';
import { groupsChangedIf } from '../groups-changed';
import type { DirectoryRead } from '../reads';

export interface MirroredGroup {
  groupId: string;
  displayName: string;
  memberSize: number | null;
  isLocation: boolean;
  /** Absent or null: the read didn't show it, and the known value is kept. */
  source?: string | null;
  usage?: string | null;
}

/**
 * Stores the list of groups. A group that it doesn't show has vanished (`gone_at`): its template removes
 * nothing, and it counts as deleted only when a second read agrees (R33, R89). `isWhole`: the list isn't
 * one of which a person accepts that it lacks a part.
 */
export async function mirrorGroups(
  db: Queryable,
  orgId: string,
  groups: readonly MirroredGroup[],
  { readId, isWhole = true }: Pick<DirectoryRead, 'readId'> & { isWhole?: boolean },
): Promise<void> {
  const rows = groups.map((group) => ({
    group_id: group.groupId,
    display_name: group.displayName,
    member_size: group.memberSize,
    is_location: group.isLocation,
    source: group.source ?? null,
    usage: group.usage ?? null,
  }));
  await db.execute(sql`
    INSERT INTO directory_group AS d (org_id, group_id, display_name, member_size, is_location, source,
      usage, read_at, seen_in)
    SELECT ${orgId}, r.*, now(), ${readId}::bigint
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS r(group_id text, display_name text, member_size int, is_location boolean, source text,
        usage text)
    ON CONFLICT (org_id, group_id) DO UPDATE SET display_name = excluded.display_name,
      member_size = excluded.member_size,
      is_location = excluded.is_location OR (d.is_location AND excluded.usage IS NULL)
        OR coalesce(lower(coalesce(excluded.usage, d.usage)) = 'location', false),
      source = coalesce(excluded.source, d.source), usage = coalesce(excluded.usage, d.usage),
      read_at = excluded.read_at, seen_in = greatest(d.seen_in, excluded.seen_in),
      gone_at = NULL, missed_looks = 0, deleted_at = NULL, not_found_at = NULL`);
  await db.execute(sql`
    WITH vanished AS (
      UPDATE directory_group SET gone_at = now()
      WHERE org_id = ${orgId} AND seen_in < ${readId} AND gone_at IS NULL RETURNING group_id
    ) ${groupsChangedIf(orgId, sql`SELECT 1 FROM vanished`)}`);
  const { rowCount: vanished } = await db.execute(sql`
    SELECT 1 FROM directory_group
    WHERE org_id = ${orgId} AND gone_at IS NOT NULL AND deleted_at IS NULL LIMIT 1`);
  const list = listName.groups;
  if (!vanished) await acceptList(db, { orgId, list, count: groups.length });
  else if (isWhole) await endIncomplete(db, orgId, list);
}

/** How a group was at its last look, and how many members were in its last whole list. */
export interface KnownGroup extends Record<string, unknown> {
  displayName: string;
  memberSize: number | null;
  /** When it was asked for, by the database's clock. */
  askedAt: Date;
  /** Null: its members were never read. */
  members: number | null;
  /** Groups inside it, as last read. */
  innerIds: string[];
}

type KnownGroupRow = Pick<KnownGroup, 'displayName' | 'memberSize' | 'members' | 'innerIds'> & {
  askedAt: string;
} & Record<string, unknown>;

/** Null where the mirror has no such group. */
export async function readKnownGroup(
  db: Queryable,
  orgId: string,
  groupId: string,
): Promise<KnownGroup | null> {
  const { rows } = await db.execute<KnownGroupRow>(sql`
    SELECT g.display_name AS "displayName", g.member_size AS "memberSize",
      clock_timestamp() AS "askedAt",
      CASE WHEN g.members_read_at IS NOT NULL THEN count(m.member_id)::int END AS members,
      coalesce(jsonb_agg(m.member_id) FILTER (WHERE m.type = 'group'), '[]') AS "innerIds"
    FROM directory_group g LEFT JOIN directory_member m USING (org_id, group_id)
    WHERE g.org_id = ${orgId} AND g.group_id = ${groupId}
    GROUP BY g.org_id, g.group_id`);
  const [row] = rows;
  if (!row) return null;
  const { displayName, memberSize, members, innerIds, askedAt } = row;
  return { displayName, memberSize, members, innerIds, askedAt: new Date(askedAt) };
}
