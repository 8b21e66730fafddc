/** Members of groups in the mirror: what a list showed, and who was missing from two (R88, R89). */
import { sql } from 'drizzle-orm';
import type { ListRead } from '../../domain/watch/believe';
import type { Db } from '../connect';
import { acceptList, judgeList, listName } from './beliefs';
import { noteGroupsChanged } from './groups-changed';
import { isAnotherCheck, isOldEnough, isTaken, listFigures, type Settling } from './missing';

/**
 * Stores a whole list of a group's direct members. Who is missing stays a member until a second read
 * agrees (R89).
 */
export async function mirrorMembers(
  db: Db,
  input: {
    orgId: string;
    groupId: string;
    members: readonly { memberId: string; type: string }[];
    /** When the read began, by the database's clock; without it, just now. */
    beganAt?: Date;
  },
): Promise<void> {
  const { orgId, groupId, beganAt } = input;
  const rows = input.members.map(({ memberId, type }) => ({ member_id: memberId, type }));
  const shown = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(member_id text, type text)`;
  await db.transaction(async (tx) => {
    const { rows: shownNow } = await tx.execute<{ type: string }>(sql`
      INSERT INTO directory_member AS m (org_id, group_id, member_id, type)
      SELECT ${orgId}, ${groupId}, r.* FROM ${shown}
      ON CONFLICT (org_id, group_id, member_id) DO UPDATE
        SET type = excluded.type, missing_since = NULL, missing_checks = 0
        WHERE m.missing_since IS NOT NULL OR m.type <> excluded.type
      RETURNING m.type`);
    const { rows: missing } = await tx.execute<{ type: string; isNews: boolean }>(sql`
      UPDATE directory_member m SET missing_since = coalesce(missing_since, now())
      WHERE m.org_id = ${orgId} AND m.group_id = ${groupId}
        AND NOT EXISTS (SELECT 1 FROM ${shown} WHERE r.member_id = m.member_id)
      RETURNING m.type, m.missing_since = now() AS "isNews"`);
    await tx.execute(sql`
      UPDATE directory_group SET members_read_at = now(),
        members_began_at = coalesce(${beganAt?.toISOString() ?? null}::timestamptz, now())
      WHERE org_id = ${orgId} AND group_id = ${groupId}`);
    const news = [...shownNow, ...missing.filter(({ isNews }) => isNews)];
    if (news.some(({ type }) => type === 'group')) await noteGroupsChanged(tx, orgId);
    if (missing.length > 0) return;
    await acceptList(tx, { orgId, list: listName.members(groupId), count: rows.length });
  });
}

/**
 * After a second list of a group: members whom neither showed have left, if the list is believed. People
 * who are gone from the organization are no drop of the group. A group inside it that has vanished stays
 * until it counts as deleted: its members must not seem to have left (R33).
 */
export async function settleMembers(
  db: Db,
  settling: Settling & {
    groupId: string;
    maxMemberDropPercent: number;
    /** All lists of this check could be read. */
    othersRead: boolean;
  },
): Promise<void> {
  const { orgId, groupId, confirmAfterMs, maxMemberDropPercent, othersRead } = settling;
  const startedAt = sql`${settling.startedAt.toISOString()}::timestamptz`;
  const isHere = sql`m.org_id = ${orgId} AND m.group_id = ${groupId}`;
  const isMissing = sql`(${isOldEnough(sql`m.missing_since`, confirmAfterMs)} AND NOT ${isVanishing})`;
  const checks = sql`m.missing_checks`;
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      DELETE FROM directory_member m WHERE ${isHere} AND ${isMissing} AND EXISTS (
        SELECT 1 FROM directory_user u WHERE u.org_id = m.org_id AND u.person_id = m.member_id
          AND u.gone_at IS NOT NULL)`);
    await tx.execute(sql`
      UPDATE directory_member m SET missing_checks = missing_checks + 1, counted_at = now()
      WHERE ${isHere} AND ${isMissing}
        AND ${isAnotherCheck(settling.startedAt, sql`m.counted_at`)}`);
    const { rows } = await tx.execute<ListRead & { size: number | null } & Record<string, unknown>>(
      sql`SELECT (count(*) FILTER (WHERE m.first_seen_at < ${startedAt}))::int AS before,
          ${listFigures(sql`m.missing_since IS NULL`, isMissing, checks)},
          (SELECT member_size FROM directory_group g
            WHERE g.org_id = ${orgId} AND g.group_id = ${groupId}) AS size
        FROM directory_member m WHERE ${isHere}`,
    );
    const [read] = rows;
    if (!read) return;
    const { takes } = await judgeList(tx, {
      orgId,
      list: listName.members(groupId),
      read,
      maxDropPercent: maxMemberDropPercent,
      saysEmpty: read.size === 0 && othersRead,
    });
    const { rows: left } = await tx.execute<{ type: string }>(sql`
      WITH left_now AS (
        DELETE FROM directory_member m
        WHERE ${isHere} AND ${isMissing} AND ${isTaken(takes, checks)}
        RETURNING m.member_id, m.type
      ), noted AS (
        UPDATE directory_user u SET left_group_at = now() FROM left_now l
        WHERE u.org_id = ${orgId} AND u.person_id = l.member_id
      )
      SELECT type FROM left_now`);
    if (left.some(({ type }) => type === 'group')) await noteGroupsChanged(tx, orgId);
  });
}

/** The member `m` is a group that has vanished and isn't known to be deleted. */
const isVanishing = sql`(m.type = 'group' AND EXISTS (SELECT 1 FROM directory_group g
  WHERE g.org_id = m.org_id AND g.group_id = m.member_id
    AND g.gone_at IS NOT NULL AND g.deleted_at IS NULL))`;
