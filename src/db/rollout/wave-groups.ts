/** What a wave takes, and how old the member lists are that decide about it (R88, R101). */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';
import { textList } from '../sql';
import { sinceThen, takes } from '../write/members-due';

/** Whether the users who are left of a rollout include some who lose something. */
export async function takesAnything(db: Queryable, rolloutId: string): Promise<boolean> {
  const { rows } = await db.execute(sql`
    SELECT 1 FROM rollout_user u WHERE u.rollout_id = ${rolloutId} AND ${takes} LIMIT 1`);
  return rows.length > 0;
}

/**
 * For a user who is about to lose something: whether the members of the groups that decide were read since
 * the rollout went on, and within the time that a read is fresh. `oldest`: when the oldest of their lists
 * began to be read, as far as is known.
 */
export async function isReadSince(
  db: Queryable,
  user: { rolloutId: string; seq: number; oldest: Date | null; freshForMs: number },
): Promise<boolean> {
  const { rows } = await db.execute<{ due: boolean }>(sql`
    SELECT coalesce(${user.oldest?.toISOString() ?? null}::timestamptz < ${sinceThen(sql`${user.freshForMs}`)}, true) AS due
    FROM rollout_user u JOIN rollout r USING (rollout_id)
    WHERE u.rollout_id = ${user.rolloutId} AND u.seq = ${user.seq} AND ${takes}`);
  return rows[0]?.due !== true;
}

interface DecidingGroups {
  orgId: string;
  rolloutId: string;
  groupIds: readonly string[];
  freshForMs: number;
}

/** Those of these groups whose members must be read again, without those that have vanished (R33). */
export async function groupsToReadAgain(db: Queryable, of: DecidingGroups): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    SELECT g.group_id AS id FROM directory_group g, rollout r
    WHERE r.rollout_id = ${of.rolloutId} AND g.org_id = ${of.orgId}
      AND g.group_id IN ${textList(of.groupIds)} AND g.gone_at IS NULL
      AND (g.members_began_at IS NULL OR g.members_began_at < ${sinceThen(sql`${of.freshForMs}`)})
    ORDER BY g.group_id`);
  return rows.map(({ id }) => id);
}

/** When the oldest of these lists began to be read; the present where there is none. */
export async function oldestListOf(
  db: Queryable,
  orgId: string,
  groupIds: readonly string[],
): Promise<Date> {
  const { rows } = await db.execute<{ at: string }>(sql`
    SELECT coalesce(min(members_began_at), clock_timestamp()) AS at FROM directory_group
    WHERE org_id = ${orgId} AND group_id IN ${textList(groupIds)} AND gone_at IS NULL`);
  return rows[0] ? new Date(rows[0].at) : new Date(0);
}

/** Whether the lists of these groups lack somebody who loses something, or a group. */
export async function isMissingSomebody(
  db: Queryable,
  { orgId, rolloutId, groupIds }: { orgId: string; rolloutId: string; groupIds: readonly string[] },
): Promise<boolean> {
  const { rows } = await db.execute(sql`
    SELECT 1 FROM directory_member m
    WHERE m.org_id = ${orgId} AND m.group_id IN ${textList(groupIds)}
      AND m.missing_since IS NOT NULL
      AND (m.type = 'group' OR EXISTS (SELECT 1 FROM rollout_user u
        WHERE u.rollout_id = ${rolloutId} AND u.person_id = m.member_id AND ${takes}))
    LIMIT 1`);
  return rows.length > 0;
}
