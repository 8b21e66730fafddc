/** Users whom the watch hasn't seen yet, and persons whom the mirror doesn't have. */
import { sql } from 'drizzle-orm';
import type { UserKind } from '../../domain/model/user';
import type { FirstSight } from '../../domain/watch/judge-first-sight';
import type { Queryable } from '../connect';
import { orgNoOf } from '../numbers';
import { textList } from '../sql';

/**
 * Ends the first check: the users in the mirror count as seen. Users who were created after the check
 * began don't: the next check finds them as new (R15).
 */
export async function markBaseline(
  tx: Queryable,
  orgId: string,
  baselineAt: Date,
): Promise<number> {
  const { rowCount } = await tx.execute(sql`
    UPDATE mirror_user SET watched_at = now()
    WHERE org_no = ${orgNoOf(orgId)} AND watched_at IS NULL AND gone_at IS NULL
      AND (created_at IS NULL OR created_at <= ${baselineAt.toISOString()}::timestamptz)`);
  return rowCount ?? 0;
}

export interface UnwatchedUser {
  personId: string;
  kind: UserKind;
  createdAt: Date | null;
  /** At first sight. */
  licenseIds: string[];
  /** Null: never seen before. Otherwise the user counted as gone and is here again. */
  before: { isExplicit: boolean } | null;
}

/** A page of the users whom the watch hasn't seen yet. */
export async function unwatchedUsers(
  tx: Queryable,
  orgId: string,
  limit: number,
): Promise<UnwatchedUser[]> {
  const { rows } = await tx.execute<{
    personId: string;
    kind: UserKind;
    createdAt: string | null;
    licenseIds: string[];
    before: { isExplicit: boolean } | null;
  }>(sql`
    SELECT person_id AS "personId", kind, created_at AS "createdAt", first_licenses AS "licenseIds",
      CASE WHEN returned_at IS NOT NULL
        THEN jsonb_build_object('isExplicit', is_explicit) END AS before
    FROM directory_user WHERE org_no = ${orgNoOf(orgId)} AND watched_at IS NULL AND gone_at IS NULL
    ORDER BY person_id LIMIT ${limit}`);
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt === null ? null : new Date(row.createdAt),
  }));
}

/** Stores how users were classified at first sight (R15, R20, R21). */
export async function markWatched(
  tx: Queryable,
  orgId: string,
  users: readonly ({ personId: string } & Pick<FirstSight, 'isNew' | 'onlyGains' | 'isExplicit'>)[],
): Promise<void> {
  const rows = users.map(({ personId, isNew, onlyGains, isExplicit }) => ({
    person_id: personId,
    is_new: isNew,
    only_gains: onlyGains,
    is_explicit: isExplicit,
  }));
  await tx.execute(sql`
    UPDATE mirror_user d SET watched_at = now(), is_new = r.is_new, only_gains = r.only_gains,
      is_explicit = r.is_explicit
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS r(person_id text, is_new boolean, only_gains boolean, is_explicit boolean)
    WHERE d.org_no = ${orgNoOf(orgId)} AND d.person_id = r.person_id`);
}

/** Those of these persons whom the mirror doesn't have or the watch hasn't seen. */
export async function unknownAmong(
  db: Queryable,
  orgId: string,
  personIds: readonly string[],
): Promise<string[]> {
  if (personIds.length === 0) return [];
  const { rows } = await db.execute<{ id: string }>(sql`
    SELECT DISTINCT p.id FROM ${textList(personIds)} AS p(id)
      LEFT JOIN directory_user d ON d.org_id = ${orgId} AND d.person_id = p.id
    WHERE d.person_id IS NULL OR d.gone_at IS NOT NULL OR d.watched_at IS NULL ORDER BY p.id`);
  return rows.map(({ id }) => id);
}

/** Group members whom the mirror has never had. */
export async function unknownMembers(
  db: Queryable,
  orgId: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    SELECT DISTINCT m.member_id AS id FROM mirror_other_member m JOIN group_number g USING (group_no)
    WHERE g.org_no = ${orgNoOf(orgId)} AND m.type = 'user' AND NOT EXISTS (
      SELECT 1 FROM mirror_user d WHERE d.org_no = g.org_no AND d.person_id = m.member_id)
    ORDER BY m.member_id LIMIT ${limit}`);
  return rows.map(({ id }) => id);
}
