/** Memberships: the mirror compared with those of the last check. */
import { sql } from 'drizzle-orm';
import type { GroupCover } from '../directory/group-covers';
import type { Queryable } from '../connect';
import { textList } from '../sql';

export interface MemberChange {
  change: 'joined' | 'left';
  groupId: string;
  personId: string;
  /** New, and no rollout of the watch has reconciled this user as new (R22). */
  isUnreconciledNew: boolean;
}

/**
 * Stores the present memberships of these groups, and returns what changed for persons who are in the
 * organization. What is seen for the first time shows no change: neither a group nor a person whom the
 * watch hasn't checked yet (R91). Don't pass groups that were read only in part or have vanished (R33).
 */
export async function compareMembers(
  tx: Queryable,
  orgId: string,
  covers: readonly GroupCover[],
): Promise<MemberChange[]> {
  if (covers.length === 0) return [];
  const pairs = covers.flatMap(({ groupId, memberGroupIds }) =>
    memberGroupIds.map((inner) => ({ outer_id: groupId, inner_id: inner })),
  );
  const { rows } = await tx.execute<MemberChange & Record<string, unknown>>(sql`
    WITH cover AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb)
        AS c(outer_id text, inner_id text)
    ), now_member AS MATERIALIZED (
      SELECT DISTINCT c.outer_id AS group_id, m.member_id AS person_id
      FROM cover c JOIN directory_member m ON m.org_id = ${orgId} AND m.group_id = c.inner_id
        JOIN directory_user u ON u.org_id = m.org_id AND u.person_id = m.member_id
    ), joined AS (
      INSERT INTO watch_member (org_id, group_id, person_id)
      SELECT ${orgId}, group_id, person_id FROM now_member
      ON CONFLICT DO NOTHING RETURNING group_id, person_id
    ), departed AS (
      DELETE FROM watch_member w
      WHERE w.org_id = ${orgId} AND w.group_id IN (SELECT outer_id FROM cover) AND NOT EXISTS (
        SELECT 1 FROM now_member n WHERE n.group_id = w.group_id AND n.person_id = w.person_id)
      RETURNING w.group_id, w.person_id
    ), changed AS (
      SELECT 'joined' AS change, j.* FROM joined j
        JOIN watch_group g ON g.org_id = ${orgId} AND g.group_id = j.group_id
      -- A member since before the baseline was only missing from the list that it was made from.
      WHERE NOT EXISTS (SELECT 1 FROM directory_member m WHERE m.org_id = g.org_id
        AND m.group_id = g.group_id AND m.member_id = j.person_id AND m.first_seen_at <= g.since)
      UNION ALL SELECT 'left', * FROM departed
    )
    SELECT c.change, c.group_id AS "groupId", c.person_id AS "personId",
      u.is_new AND NOT u.only_gains AND u.first_seen_at > now() - interval '1 day' AND NOT EXISTS (
        SELECT 1 FROM reaction e WHERE e.org_id = u.org_id AND e.person_id = u.person_id
          AND e.mode = 'new' AND e.rollout_id IS NOT NULL) AS "isUnreconciledNew"
    FROM changed c JOIN directory_user u ON u.org_id = ${orgId} AND u.person_id = c.person_id
    WHERE u.kind = 'person' AND u.gone_at IS NULL AND u.watched_at IS NOT NULL
    ORDER BY c.person_id, c.group_id`);
  const seen = covers.map(({ groupId }) => groupId);
  await tx.execute(sql`
    INSERT INTO watch_group (org_id, group_id)
    SELECT ${orgId}, id FROM ${textList(seen)} AS g(id)
    ON CONFLICT DO NOTHING`);
  return rows;
}

/** Those of these groups whose members can be compared: completely read, and not vanished. */
export async function comparableGroups(
  tx: Queryable,
  orgId: string,
  groupIds: readonly string[],
): Promise<string[]> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    SELECT group_id AS id FROM directory_group
    WHERE org_id = ${orgId} AND members_read_at IS NOT NULL AND gone_at IS NULL
      AND group_id IN ${textList(groupIds)}
    ORDER BY group_id`);
  return rows.map(({ id }) => id);
}

/** Forgets the memberships of all other groups. If one gets a template later, it counts as not seen yet. */
export async function forgetOtherGroups(
  tx: Queryable,
  orgId: string,
  groupIds: readonly string[],
): Promise<void> {
  for (const table of [sql`watch_member`, sql`watch_group`]) {
    await tx.execute(sql`
      DELETE FROM ${table} WHERE org_id = ${orgId}
        AND group_id NOT IN ${textList(groupIds)}`);
  }
}

/** Those of these persons who are members of a group that holds a template. */
export async function templatedAmong(
  tx: Queryable,
  orgId: string,
  personIds: readonly string[],
): Promise<Set<string>> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    SELECT DISTINCT person_id AS id FROM watch_member WHERE org_id = ${orgId}
      AND person_id IN ${textList(personIds)}`);
  return new Set(rows.map(({ id }) => id));
}
