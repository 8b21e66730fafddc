/** Groups that vanish while another one takes their place (R90). */
import { sql } from 'drizzle-orm';
import type { AppearedGroup } from '../../domain/watch/find-successor';
import type { Queryable } from '../connect';
import { textList } from '../sql';

/** A group that appeared this long before another vanished can have replaced it. */
const appearedWithin = sql.raw(`interval '7 days'`);
/** Groups whose members are read in one check to find a successor; namesakes come first. */
const mostRead = 50;

/**
 * Whether `a` appeared about when `g` vanished, and can hold a template. Groups that were there before the
 * watch's first check, or before `g` itself, didn't appear.
 */
const hasAppeared = sql`(a.org_id = g.org_id AND a.group_id <> g.group_id AND a.gone_at IS NULL
  AND NOT a.is_location AND a.first_seen_at > g.gone_at - ${appearedWithin}
  AND a.first_seen_at > coalesce(g.first_seen_at, '-infinity')
  AND a.first_seen_at > (SELECT w.baseline_at FROM watch_state w WHERE w.org_id = g.org_id))`;

/** The group `g` has vanished, and its template may have to end. */
const mayEnd = sql`g.gone_at IS NOT NULL AND EXISTS (SELECT 1 FROM template t
  WHERE t.org_id = g.org_id AND t.group_id = g.group_id AND t.deleted_at IS NULL)`;

/** Groups whose members have to be read to know whether they replace a vanished one. */
export async function possibleSuccessors(db: Queryable, orgId: string): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    SELECT a.group_id AS id FROM directory_group g JOIN directory_group a ON ${hasAppeared}
    WHERE g.org_id = ${orgId} AND ${mayEnd}
    GROUP BY a.group_id
    ORDER BY bool_or(lower(a.display_name) = lower(g.display_name)) DESC,
      max(a.first_seen_at) DESC, a.group_id
    LIMIT ${mostRead}`);
  return rows.map(({ id }) => id);
}

/** Persons in the vanished group `g`, as last seen. */
const lastMembers = sql`(
  SELECT w.person_id FROM watch_member w WHERE w.org_id = g.org_id AND w.group_id = g.group_id
  UNION
  SELECT m.member_id FROM directory_member m
  WHERE m.org_id = g.org_id AND m.group_id = g.group_id AND m.type = 'user')`;

export interface EndingGroup extends Record<string, unknown> {
  groupId: string;
  displayName: string;
  members: number;
  appeared: AppearedGroup[];
}

/** These vanished groups, with those that appeared since and whose members were read. */
export async function readEndingGroups(
  tx: Queryable,
  orgId: string,
  groupIds: readonly string[],
): Promise<EndingGroup[]> {
  const { rows } = await tx.execute<EndingGroup>(sql`
    SELECT g.group_id AS "groupId", g.display_name AS "displayName",
      (SELECT count(*)::int FROM ${lastMembers} l) AS members,
      coalesce((SELECT jsonb_agg(jsonb_build_object('groupId', a.group_id,
          'displayName', a.display_name,
          'shared', (SELECT count(*) FROM ${lastMembers} l JOIN directory_member m
            ON m.org_id = a.org_id AND m.group_id = a.group_id AND m.member_id = l.person_id)))
        FROM directory_group a WHERE ${hasAppeared}), '[]') AS appeared
    FROM directory_group g
    WHERE g.org_id = ${orgId} AND g.group_id IN ${textList(groupIds)}
    ORDER BY g.group_id`);
  return rows;
}

export interface ReplacedGroup extends Record<string, unknown> {
  groupId: string;
  templateId: string;
  template: string;
  successorGroupId: string;
  /** Name of the group that took the place. */
  successor: string;
}

/** Templates whose group was replaced, and that a person may move to the successor. */
export async function listReplacedGroups(db: Queryable, orgId: string): Promise<ReplacedGroup[]> {
  const { rows } = await db.execute<ReplacedGroup>(sql`
    SELECT t.group_id AS "groupId", t.template_id AS "templateId", t.name AS template,
      t.successor_group_id AS "successorGroupId",
      coalesce(a.display_name, t.successor_group_id) AS successor
    FROM template t LEFT JOIN directory_group a
      ON a.org_id = t.org_id AND a.group_id = t.successor_group_id
    WHERE t.org_id = ${orgId} AND t.deleted_at IS NULL AND t.successor_group_id IS NOT NULL
    ORDER BY t.name, t.template_id`);
  return rows;
}
