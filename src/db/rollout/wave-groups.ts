/** What a wave takes, and how old the member lists are that decide about it (R88, R101). */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';
import { textList } from '../sql';

/** A list that began to be read within this time is as of now. */
const freshFor = sql.raw(`interval '1 minute'`);

/** Row `u` waits for its write, which takes something that nothing replaces. */
const takes = sql`(u.outcome = 'planned' AND u.intent_at IS NULL AND jsonb_path_exists(u.changes,
  '$[*] ? (@.operation == "remove" && @.replacement == false)'))`;

/** Whether the users who are left of a rollout include some who lose something. */
export async function takesAnything(db: Queryable, rolloutId: string): Promise<boolean> {
  const { rows } = await db.execute(sql`
    SELECT 1 FROM rollout_user u WHERE u.rollout_id = ${rolloutId} AND ${takes} LIMIT 1`);
  return rows.length > 0;
}

/** Those of these groups whose members were not read lately, without those that have vanished (R33). */
export async function notReadLately(
  db: Queryable,
  orgId: string,
  groupIds: readonly string[],
): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    SELECT g.group_id AS id FROM directory_group g
    WHERE g.org_id = ${orgId} AND g.group_id IN ${textList(groupIds)} AND g.gone_at IS NULL
      AND (g.members_began_at IS NULL OR g.members_began_at < clock_timestamp() - ${freshFor})
    ORDER BY g.group_id`);
  return rows.map(({ id }) => id);
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
