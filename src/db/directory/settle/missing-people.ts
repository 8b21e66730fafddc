/** People whom a list didn't show, or whom Webex didn't find: when they count as gone (R88, R89). */
import { sql } from 'drizzle-orm';
import { isImplausible, plausibleDropPercent, type ListRead } from '../../../domain/watch/believe';
import type { Db, Queryable } from '../../connect';
import { textList } from '../../sql';
import { acceptList, judgeList, listName, recordRefused } from '../beliefs/beliefs';
import { orgNoOf } from '../../numbers';
import { noteLostOwnership } from '../../provenance/note-lost-ownership';
import { peopleLock } from '../mirror/mirror-people';
import {
  isAnotherCheck,
  isOldEnough,
  isTaken,
  listFigures,
  oneMoreCheck,
  type Settling,
} from '../beliefs/missing';
import type { DirectoryRead } from '../reads';

/**
 * Ends the read of a complete list: people whom it didn't show are missing. Returns how many it showed. An
 * implausible list is refused at once, so that everybody sees both figures while Webex is asked by id.
 */
export async function endPeopleRead(
  db: Queryable,
  orgId: string,
  { readId, startedAt }: DirectoryRead,
  otherCount: number | null,
): Promise<number> {
  await noteMissing(db, orgId, { readId, startedAt });
  await noteLostOwnership(db, { orgId });
  const { rows } = await db.execute<{ before: number; now: number; missing: number }>(sql`
    SELECT (count(*) FILTER (WHERE first_seen_at < ${startedAt.toISOString()}::timestamptz))::int
        AS before,
      (count(*) FILTER (WHERE missing_since IS NULL OR seen_in >= ${readId}))::int AS now,
      (count(*) FILTER (WHERE missing_since IS NOT NULL))::int AS missing
    FROM mirror_user WHERE org_no = ${orgNoOf(orgId)} AND gone_at IS NULL`);
  const { before, now, missing } = rows[0] ?? { before: 0, now: 0, missing: 0 };
  const list = listName.people;
  if (missing === 0) await acceptList(db, { orgId, list, count: now, otherCount });
  else if (now === 0 || isImplausible(missing, before, plausibleDropPercent)) {
    const refusal = now === 0 ? 'empty' : 'drop';
    await recordRefused(db, { orgId, list, refusal, before, now, missing });
  }
  return now;
}

/**
 * Whom neither this list of everybody nor a later read has shown is missing. A read that a later one has
 * overtaken takes nobody: that one has told who is missing since.
 */
async function noteMissing(
  db: Queryable,
  orgId: string,
  { readId, startedAt }: DirectoryRead,
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(${peopleLock}, ${orgNoOf(orgId)})`);
    await tx.execute(sql`
      UPDATE mirror_user d SET missing_since = now(), ${lastShown} FROM org_number o
      WHERE o.org_id = ${orgId} AND d.org_no = o.org_no AND coalesce(o.people_read_id, 0) < ${readId}
        AND d.seen_in < ${readId} AND d.gone_at IS NULL AND d.missing_since IS NULL
        AND (SELECT range_agg(s.users) FROM mirror_seen s
          WHERE s.org_no = ${orgNoOf(orgId)} AND s.read_id >= ${readId}) @> d.user_no IS NOT TRUE`);
    await tx.execute(sql`
      UPDATE org_number SET people_read_id = ${readId},
        people_read_at = ${startedAt.toISOString()}::timestamptz
      WHERE org_id = ${orgId} AND coalesce(people_read_id, 0) < ${readId}`);
    await tx.execute(sql`
      DELETE FROM mirror_seen WHERE org_no = ${orgNoOf(orgId)} AND read_id <= ${readId}`);
  });
}

/** Until now the last list of everybody has said when user `d` was shown; from here on the row does. */
const lastShown = sql`
  read_at = CASE WHEN d.missing_since IS NULL THEN greatest(d.read_at, o.people_read_at) ELSE d.read_at END,
  seen_in = CASE WHEN d.missing_since IS NULL THEN greatest(d.seen_in, o.people_read_id) ELSE d.seen_in END`;

/** People whom Webex, asked by id, said that it doesn't have. */
export async function noteNotFound(
  db: Queryable,
  orgId: string,
  personIds: readonly string[],
): Promise<void> {
  if (personIds.length === 0) return;
  await db.execute(sql`
    UPDATE mirror_user d SET not_found_at = now(), missing_since = coalesce(d.missing_since, now()),
      ${lastShown}
    FROM org_number o
    WHERE o.org_id = ${orgId} AND d.org_no = o.org_no AND d.gone_at IS NULL
      AND d.person_id IN ${textList(personIds)}`);
}

/** A page of the people who are missing, by id, so that they can be asked for. */
export async function missingPeople(
  db: Queryable,
  page: { orgId: string; after: string; limit: number },
): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    SELECT person_id AS id FROM mirror_user
    WHERE org_no = ${orgNoOf(page.orgId)} AND missing_since IS NOT NULL AND gone_at IS NULL
      AND person_id > ${page.after}
    ORDER BY person_id LIMIT ${page.limit}`);
  return rows.map(({ id }) => id);
}

/**
 * After the missing people were asked for by id: those whom a read didn't show and whom Webex, later,
 * didn't find are gone, if there aren't implausibly many of them.
 */
export async function settlePeople(
  db: Db,
  settling: Settling & { otherCount: number | null },
): Promise<void> {
  const { orgId, confirmAfterMs, otherCount } = settling;
  const startedAt = sql`${settling.startedAt.toISOString()}::timestamptz`;
  const isMissing = sql`(org_no = ${orgNoOf(orgId)} AND gone_at IS NULL AND not_found_at >= ${startedAt}
    AND ${isOldEnough(sql`missing_since`, confirmAfterMs)})`;
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      UPDATE mirror_user SET missing_checks = ${oneMoreCheck()}, counted_at = now()
      WHERE ${isMissing} AND ${isAnotherCheck(settling.startedAt)}`);
    const { rows } = await tx.execute<ListRead & Record<string, unknown>>(sql`
      SELECT (count(*) FILTER (WHERE first_seen_at < ${startedAt}))::int AS before,
        ${listFigures(sql`missing_since IS NULL`, isMissing)}
      FROM mirror_user WHERE org_no = ${orgNoOf(orgId)} AND gone_at IS NULL`);
    const [read] = rows;
    if (!read || read.missing === 0) return;
    const { takes } = await judgeList(tx, {
      orgId,
      list: listName.people,
      read,
      maxDropPercent: plausibleDropPercent,
      // Webex was asked for each of them by id.
      saysEmpty: true,
      otherCount,
    });
    await tx.execute(sql`
      UPDATE mirror_user SET gone_at = now() WHERE ${isMissing} AND ${isTaken(takes)}`);
  });
}
