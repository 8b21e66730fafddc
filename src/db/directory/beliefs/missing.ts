/** What the last reads didn't show, and what a second read has to confirm before it counts (R89). */
import { sql, type SQL } from 'drizzle-orm';
import type { Belief } from '../../../domain/watch/believe';
import type { Queryable } from '../../connect';
import { textList } from '../../sql';

/** What a check needs to settle what is missing. */
export interface Settling {
  orgId: string;
  /** When the check began, by the database's clock. */
  startedAt: Date;
  /** The second read follows the first at least this much later. */
  confirmAfterMs: number;
}

/** Whether an entry that is missing since `since` was missing long enough for a second read to count. */
export function isOldEnough(since: SQL, confirmAfterMs: number): SQL {
  return sql`${since} <= now() - ${confirmAfterMs} * interval '1 ms'`;
}

/**
 * Whether a check may be counted that began at `startedAt`: it must have begun after the last counted one
 * was settled. A check that is repeated, or that overlaps another, has seen the same lie (R88).
 */
export function isAnotherCheck(startedAt: Date, countedAt = sql`counted_at`): SQL {
  return sql`(${countedAt} IS NULL OR ${countedAt} < ${startedAt.toISOString()}::timestamptz)`;
}

/** Counts a check; whoever asks wants to know about the second one, and a list may be refused for years. */
export function oneMoreCheck(checks = sql`missing_checks`): SQL {
  return sql`least(${checks} + 1, 100)`;
}

/** Of the entries that two reads didn't show, those that a verdict takes as gone. */
export function isTaken(takes: Belief['takes'], checks = sql`missing_checks`): SQL {
  return { all: sql`true`, twice: sql`${checks} > 1`, none: sql`false` }[takes];
}

/** The figures of a list, from rows of which `isMissing` says whether two reads didn't show them. */
export function listFigures(isShown: SQL, isMissing: SQL, checks = sql`missing_checks`): SQL {
  return sql`(count(*) FILTER (WHERE ${isShown}))::int AS now,
    (count(*) FILTER (WHERE ${isMissing}))::int AS missing,
    (count(*) FILTER (WHERE ${isMissing} AND ${checks} > 1))::int AS "missingTwice"`;
}

/** Entries that are missing and not settled. */
export interface Missing extends Record<string, number> {
  licenses: number;
  groups: number;
  people: number;
  /** Memberships. */
  members: number;
  /** Licenses of users that a template had given, and that a read didn't show. */
  holdings: number;
}

/** `groupIds`: groups whose members are being read. */
export async function countMissing(
  db: Queryable,
  orgId: string,
  groupIds: readonly string[],
): Promise<Missing> {
  const { rows } = await db.execute<Missing>(sql`
    SELECT
      (SELECT count(*)::int FROM directory_license
        WHERE org_id = ${orgId} AND missing_since IS NOT NULL AND gone_at IS NULL) AS licenses,
      (SELECT count(*)::int FROM directory_group
        WHERE org_id = ${orgId} AND gone_at IS NOT NULL AND deleted_at IS NULL) AS groups,
      (SELECT count(*)::int FROM directory_user
        WHERE org_id = ${orgId} AND missing_since IS NOT NULL AND gone_at IS NULL) AS people,
      (SELECT count(*)::int FROM directory_member m WHERE m.org_id = ${orgId}
        AND m.missing_since IS NOT NULL AND m.group_id IN ${textList(groupIds)}) AS members,
      (SELECT count(*)::int FROM provenance p
        JOIN directory_user u ON u.org_id = p.org_id AND u.person_id = p.person_id
        WHERE p.org_id = ${orgId} AND p.missed_at IS NOT NULL AND p.ended_at IS NULL
          AND u.gone_at IS NULL) AS holdings`);
  return rows[0] ?? { licenses: 0, groups: 0, people: 0, members: 0, holdings: 0 };
}

export function hasAny(missing: Missing): boolean {
  return Object.values(missing).some((count) => count > 0);
}

export interface MissingMembers extends Record<string, unknown> {
  groupId: string;
  before: number;
  now: number;
  missing: number;
}

/** Groups, among these, of whose members some are missing. */
export async function missingMembers(
  db: Queryable,
  orgId: string,
  groupIds: readonly string[],
): Promise<MissingMembers[]> {
  const { rows } = await db.execute<MissingMembers>(sql`
    SELECT group_id AS "groupId", count(*)::int AS before,
      (count(*) FILTER (WHERE missing_since IS NULL))::int AS now,
      (count(*) FILTER (WHERE missing_since IS NOT NULL))::int AS missing
    FROM directory_member WHERE org_id = ${orgId} AND group_id IN ${textList(groupIds)}
    GROUP BY group_id HAVING bool_or(missing_since IS NOT NULL) ORDER BY group_id`);
  return rows;
}
