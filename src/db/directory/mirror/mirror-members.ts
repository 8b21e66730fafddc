/** Members of groups in the mirror: what a list showed. */
import { sql, type SQL } from 'drizzle-orm';
import type { Db, Queryable } from '../../connect';
import { acceptList, listName } from '../beliefs/beliefs';
import { noteGroupsChanged } from '../groups-changed';
import { numberGroup, numberOrganization } from '../../numbers';

export interface ListedMember {
  memberId: string;
  type: string;
}

/**
 * Stores a whole list of a group's direct members. Who is missing stays a member until a second read
 * agrees (R89).
 */
export async function mirrorMembers(
  db: Db,
  input: {
    orgId: string;
    groupId: string;
    members: readonly ListedMember[];
    /** When the read began, by the database's clock; without it, just now. */
    beganAt?: Date;
  },
): Promise<void> {
  const { orgId, groupId, members, beganAt } = input;
  await db.transaction(async (tx) => {
    const orgNo = await numberOrganization(tx, orgId);
    const groupNo = await numberGroup(tx, orgNo, groupId);
    const shown = await sortMembers(tx, orgNo, members);
    await moveResorted(tx, { orgNo, groupNo, shown });
    await showUsers(tx, groupNo, shown.userNos);
    const innerIsNews = await showOthers(tx, groupNo, shown.others);
    await tx.execute(sql`
      UPDATE directory_group SET members_read_at = now(),
        members_began_at = coalesce(${beganAt?.toISOString() ?? null}::timestamptz, now())
      WHERE org_id = ${orgId} AND group_id = ${groupId}`);
    if (innerIsNews) await noteGroupsChanged(tx, orgId);
    if (await isAnyMissing(tx, groupNo)) return;
    await acceptList(tx, { orgId, list: listName.members(groupId), count: members.length });
  });
}

interface SortedMembers {
  /** Users whom the mirror has, by number. */
  userNos: number[];
  others: ListedMember[];
}

const membersPerTurn = 10_000;

async function sortMembers(
  tx: Queryable,
  orgNo: number,
  members: readonly ListedMember[],
): Promise<SortedMembers> {
  const sorted: SortedMembers = {
    userNos: [],
    others: members.filter(({ type }) => type !== 'user'),
  };
  const users = members.filter(({ type }) => type === 'user');
  for (let from = 0; from < users.length; from += membersPerTurn) {
    const ids = users.slice(from, from + membersPerTurn).map(({ memberId }) => memberId);
    const { rows } = await tx.execute<{ userNos: number[]; unknown: string[] }>(sql`
      SELECT coalesce(array_agg(u.user_no) FILTER (WHERE u.user_no IS NOT NULL), '{}') AS "userNos",
        coalesce(array_agg(m.id) FILTER (WHERE u.user_no IS NULL), '{}') AS unknown
      FROM unnest(${sql.param(ids)}::text[]) AS m(id)
        LEFT JOIN mirror_user u ON u.org_no = ${orgNo} AND u.person_id = m.id`);
    for (const userNo of rows[0]?.userNos ?? []) sorted.userNos.push(userNo);
    for (const memberId of rows[0]?.unknown ?? []) sorted.others.push({ memberId, type: 'user' });
  }
  return sorted;
}

interface Resorting {
  orgNo: number;
  groupNo: number;
  shown: SortedMembers;
}

/** Of members who weren't users and are now, or the other way round, nothing but the sort changes. */
async function moveResorted(tx: Queryable, resorting: Resorting): Promise<void> {
  const { orgNo, groupNo, shown } = resorting;
  await tx.execute(sql`
    WITH moved AS (
      DELETE FROM mirror_other_member m USING mirror_user u
      WHERE m.group_no = ${groupNo} AND u.org_no = ${orgNo} AND u.person_id = m.member_id
        AND u.user_no = ANY(${numbers(shown.userNos)})
      RETURNING m.*, u.user_no
    )
    INSERT INTO mirror_member (user_no, group_no, first_seen_at, missing_since, missing_checks, counted_at)
    SELECT user_no, group_no, first_seen_at, missing_since, missing_checks, counted_at FROM moved
    ON CONFLICT (user_no, group_no) DO NOTHING`);
  if (shown.others.length === 0) return;
  await tx.execute(sql`
    WITH moved AS (
      DELETE FROM mirror_member m USING mirror_user u, ${listed(shown.others)}
      WHERE m.group_no = ${groupNo} AND u.user_no = m.user_no AND r.type <> 'user'
        AND u.org_no = ${orgNo} AND u.person_id = r.member_id
      RETURNING m.*, u.person_id, r.type
    )
    INSERT INTO mirror_other_member (group_no, member_id, type, first_seen_at, missing_since,
      missing_checks, counted_at)
    SELECT group_no, person_id, type, first_seen_at, missing_since, missing_checks, counted_at FROM moved
    ON CONFLICT (group_no, member_id) DO NOTHING`);
}

async function showUsers(tx: Queryable, groupNo: number, userNos: readonly number[]) {
  const all = numbers(userNos);
  await tx.execute(sql`
    INSERT INTO mirror_member AS m (group_no, user_no)
    SELECT ${groupNo}, s.user_no FROM unnest(${all}) AS s(user_no)
    WHERE NOT EXISTS (SELECT 1 FROM mirror_member k
      WHERE k.user_no = s.user_no AND k.group_no = ${groupNo} AND k.missing_since IS NULL)
    ON CONFLICT (user_no, group_no) DO UPDATE SET missing_since = NULL, missing_checks = 0`);
  await tx.execute(sql`
    UPDATE mirror_member m SET missing_since = now()
    WHERE m.group_no = ${groupNo} AND m.missing_since IS NULL
      AND NOT EXISTS (SELECT 1 FROM unnest(${all}) AS s(user_no) WHERE s.user_no = m.user_no)`);
}

/** Returns whether a group came, or was missing for the first time. */
async function showOthers(
  tx: Queryable,
  groupNo: number,
  others: readonly ListedMember[],
): Promise<boolean> {
  const { rows: shown } = await tx.execute<{ type: string }>(sql`
    INSERT INTO mirror_other_member AS m (group_no, member_id, type)
    SELECT ${groupNo}, r.member_id, r.type FROM ${listed(others)}
    ON CONFLICT (group_no, member_id) DO UPDATE
      SET type = excluded.type, missing_since = NULL, missing_checks = 0
      WHERE m.missing_since IS NOT NULL OR m.type <> excluded.type
    RETURNING m.type`);
  const { rows: missing } = await tx.execute<{ type: string }>(sql`
    UPDATE mirror_other_member m SET missing_since = now()
    WHERE m.group_no = ${groupNo} AND m.missing_since IS NULL
      AND NOT EXISTS (SELECT 1 FROM ${listed(others)} WHERE r.member_id = m.member_id)
    RETURNING m.type`);
  return [...shown, ...missing].some(({ type }) => type === 'group');
}

async function isAnyMissing(tx: Queryable, groupNo: number): Promise<boolean> {
  const { rows } = await tx.execute(sql`
    SELECT 1 FROM mirror_member WHERE group_no = ${groupNo} AND missing_since IS NOT NULL
    UNION ALL
    SELECT 1 FROM mirror_other_member WHERE group_no = ${groupNo} AND missing_since IS NOT NULL
    LIMIT 1`);
  return rows.length > 0;
}

function numbers(userNos: readonly number[]): SQL {
  return sql`${sql.param(userNos)}::integer[]`;
}

/** Members by their ids, as rows `r` of a statement. */
function listed(members: readonly ListedMember[]): SQL {
  const rows = members.map(({ memberId, type }) => ({ member_id: memberId, type }));
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(member_id text, type text)`;
}
