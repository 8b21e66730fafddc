/** Members of groups whom two lists didn't show: when they have left (R88, R89). */
import { sql, type SQL } from 'drizzle-orm';
import type { ListRead } from '../../../domain/watch/believe';
import type { Db, Queryable } from '../../connect';
import { judgeList, listName } from '../beliefs/beliefs';
import { noteGroupsChanged } from '../groups-changed';
import {
  isAnotherCheck,
  isOldEnough,
  isTaken,
  listFigures,
  oneMoreCheck,
  type Settling,
} from '../beliefs/missing';
import { numberGroup, numberOrganization } from '../../numbers';

export interface SettlingMembers extends Settling {
  groupId: string;
  maxMemberDropPercent: number;
  /** All lists of this check could be read. */
  othersRead: boolean;
}

/** A table of memberships `m`, and what of a group's rows in it is missing for long enough. */
interface Members {
  table: SQL;
  isHere: SQL;
  isMissing: SQL;
  /** The member's user `u`, where the mirror has one. */
  isUser: SQL;
}

const checks = sql`m.missing_checks`;

/**
 * After a second list of a group: members whom neither showed have left, if the list is believed. People
 * who are gone from the organization are no drop of the group. A group inside it that has vanished stays
 * until it counts as deleted: its members must not seem to have left (R33).
 */
export async function settleMembers(db: Db, settling: SettlingMembers): Promise<void> {
  const { orgId, groupId, confirmAfterMs, maxMemberDropPercent, othersRead } = settling;
  const startedAt = sql`${settling.startedAt.toISOString()}::timestamptz`;
  await db.transaction(async (tx) => {
    const orgNo = await numberOrganization(tx, orgId);
    const groupNo = await numberGroup(tx, orgNo, groupId);
    const isHere = sql`m.group_no = ${groupNo}`;
    const isOld = isOldEnough(sql`m.missing_since`, confirmAfterMs);
    const users: Members = {
      table: sql`mirror_member`,
      isHere,
      isMissing: isOld,
      isUser: sql`u.user_no = m.user_no`,
    };
    const others: Members = {
      table: sql`mirror_other_member`,
      isHere,
      isMissing: sql`(${isOld} AND NOT ${isVanishing(orgId)})`,
      isUser: sql`u.org_no = ${orgNo} AND u.person_id = m.member_id`,
    };
    for (const { table, isMissing, isUser } of [users, others]) {
      await tx.execute(sql`
        DELETE FROM ${table} m WHERE ${isHere} AND ${isMissing} AND EXISTS (
          SELECT 1 FROM mirror_user u WHERE ${isUser} AND u.gone_at IS NOT NULL)`);
      await tx.execute(sql`
        UPDATE ${table} m SET missing_checks = ${oneMoreCheck(sql`m.missing_checks`)}, counted_at = now()
        WHERE ${isHere} AND ${isMissing}
          AND ${isAnotherCheck(settling.startedAt, sql`m.counted_at`)}`);
    }
    const figures = ({ table, isMissing }: Members) => sql`
      SELECT m.first_seen_at, m.missing_since, m.missing_checks, ${isMissing} AS is_missing
      FROM ${table} m WHERE ${isHere}`;
    const { rows } = await tx.execute<ListRead & { size: number | null } & Record<string, unknown>>(
      sql`SELECT (count(*) FILTER (WHERE m.first_seen_at < ${startedAt}))::int AS before,
          ${listFigures(sql`m.missing_since IS NULL`, sql`m.is_missing`, checks)},
          (SELECT member_size FROM directory_group g
            WHERE g.org_id = ${orgId} AND g.group_id = ${groupId}) AS size
        FROM (${figures(users)} UNION ALL ${figures(others)}) m`,
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
    await takeOut(tx, users, isTaken(takes, checks), sql`'user'`);
    const left = await takeOut(tx, others, isTaken(takes, checks), sql`m.type`);
    if (left.includes('group')) await noteGroupsChanged(tx, orgId);
  });
}

/** Returns what left, by type. */
async function takeOut(
  tx: Queryable,
  { table, isHere, isMissing, isUser }: Members,
  isTakenOut: SQL,
  type: SQL,
): Promise<string[]> {
  const { rows } = await tx.execute<{ type: string }>(sql`
    WITH m AS (
      DELETE FROM ${table} m WHERE ${isHere} AND ${isMissing} AND ${isTakenOut}
      RETURNING m.*
    ), noted AS (
      UPDATE mirror_user u SET left_group_at = now() FROM m WHERE ${isUser}
    )
    SELECT DISTINCT ${type} AS type FROM m`);
  return rows.map((row) => row.type);
}

/** The member `m` is a group that has vanished and isn't known to be deleted. */
function isVanishing(orgId: string): SQL {
  return sql`(m.type = 'group' AND EXISTS (SELECT 1 FROM directory_group g
    WHERE g.org_id = ${orgId} AND g.group_id = m.member_id
      AND g.gone_at IS NOT NULL AND g.deleted_at IS NULL))`;
}
