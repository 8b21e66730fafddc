/** Groups that a list didn't show: when they count as deleted (R33, R88, R89). */
import { sql } from 'drizzle-orm';
import { plausibleDropPercent, type ListRead } from '../../../domain/watch/believe';
import type { Db, Queryable } from '../../connect';
import { judgeList, listName } from '../beliefs/beliefs';
import { groupsChangedIf } from '../groups-changed';
import {
  isAnotherCheck,
  isOldEnough,
  isTaken,
  listFigures,
  type Settling,
} from '../beliefs/missing';

/** A group whose members weren't found: it has vanished (R33). */
export async function noteGroupNotFound(
  db: Queryable,
  orgId: string,
  groupId: string,
): Promise<void> {
  await db.execute(sql`
    WITH vanished AS (
      UPDATE directory_group SET gone_at = coalesce(gone_at, now()), not_found_at = now()
      WHERE org_id = ${orgId} AND group_id = ${groupId} AND deleted_at IS NULL
      RETURNING gone_at = not_found_at AS is_news
    ) ${groupsChangedIf(orgId, sql`SELECT 1 FROM vanished WHERE is_news`)}`);
}

/** A group that was asked for by id and is there, although a list didn't show it. */
export async function noteGroupFound(db: Queryable, orgId: string, groupId: string): Promise<void> {
  await db.execute(sql`
    UPDATE directory_group SET gone_at = NULL, missed_looks = 0, not_found_at = NULL
    WHERE org_id = ${orgId} AND group_id = ${groupId} AND deleted_at IS NULL`);
}

/** Of the group `g`: it holds a template, or is inside another group, so that its members matter. */
const matters = sql`(EXISTS (SELECT 1 FROM template t WHERE t.org_id = g.org_id
    AND t.group_id = g.group_id AND t.deleted_at IS NULL)
  OR EXISTS (SELECT 1 FROM directory_member m WHERE m.org_id = g.org_id
    AND m.member_id = g.group_id AND m.type = 'group'))`;

/** Vanished groups whose members matter: these are asked for by id. */
export async function vanishedThatMatter(db: Queryable, orgId: string): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    SELECT g.group_id AS id FROM directory_group g
    WHERE g.org_id = ${orgId} AND g.gone_at IS NOT NULL AND g.deleted_at IS NULL AND ${matters}
    ORDER BY g.group_id`);
  return rows.map(({ id }) => id);
}

/**
 * After a second list: groups that neither showed and, if their members matter, that Webex didn't find by
 * id either. They count as deleted when two checks in a row have said so (R33) and the list is believed.
 */
export async function settleGroups(db: Db, settling: Settling): Promise<void> {
  const { orgId, confirmAfterMs } = settling;
  const startedAt = sql`${settling.startedAt.toISOString()}::timestamptz`;
  const isMissing = sql`(g.org_id = ${orgId} AND g.deleted_at IS NULL
    AND ${isOldEnough(sql`g.gone_at`, confirmAfterMs)}
    AND (g.not_found_at >= ${startedAt} OR NOT ${matters}))`;
  const looks = sql`g.missed_looks`;
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      UPDATE directory_group g SET missed_looks = missed_looks + 1, counted_at = now()
      WHERE ${isMissing} AND ${isAnotherCheck(settling.startedAt, sql`g.counted_at`)}`);
    const { rows } = await tx.execute<ListRead & { asked: number } & Record<string, unknown>>(sql`
      SELECT (count(*) FILTER (WHERE g.first_seen_at IS NULL OR g.first_seen_at < ${startedAt}))::int AS before,
        (count(*) FILTER (WHERE ${isMissing} AND g.not_found_at >= ${startedAt}))::int AS asked,
        ${listFigures(sql`g.gone_at IS NULL`, isMissing, looks)}
      FROM directory_group g WHERE g.org_id = ${orgId} AND g.deleted_at IS NULL`);
    const [read] = rows;
    if (!read) return;
    const { takes } = await judgeList(tx, {
      orgId,
      list: listName.groups,
      read,
      maxDropPercent: plausibleDropPercent,
      saysEmpty: read.asked === read.missing,
    });
    await tx.execute(sql`
      UPDATE directory_group g SET deleted_at = now()
      WHERE ${isMissing} AND ${isTaken(takes === 'all' ? 'twice' : takes, looks)}`);
  });
}
