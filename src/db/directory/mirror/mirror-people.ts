/** People in the mirror: what Webex showed of them, by id or in a list of everybody. */
import { sql } from 'drizzle-orm';
import type { Db, Queryable } from '../../connect';
import { numberOrganization } from '../../numbers';
import { noteLostOwnership } from '../../provenance/note-lost-ownership';
import { callingHash, shownHash, type MirroredUser } from './mirrored-user';
import type { DirectoryRead } from '../reads';
import { storeUsers, userOf } from './store-users';

/** Stores users who were asked for by id: each row says when, and in which read, it was shown. */
export async function mirrorUsers(
  db: Queryable,
  orgId: string,
  users: readonly MirroredUser[],
  { readId }: Pick<DirectoryRead, 'readId'>,
): Promise<void> {
  if (users.length === 0) return;
  const orgNo = await numberOrganization(db, orgId);
  await storeUsers(db, { orgNo, readId }, users);
  await noteLostOwnership(db, { orgId, personIds: users.map(({ personId }) => personId) });
}

/**
 * Stores a page of the list of everybody. Users of whom it shows nothing new cost no row: `mirror_seen`
 * says for the whole page that they were shown, until the read ends. Returns how many were stored.
 */
export async function mirrorPage(
  db: Db,
  { orgId, orgNo, readId }: { orgId: string; orgNo: number } & Pick<DirectoryRead, 'readId'>,
  users: readonly MirroredUser[],
): Promise<number> {
  if (users.length === 0) return 0;
  return db.transaction(async (tx) => {
    await tx.execute(sql`SELECT pg_advisory_xact_lock_shared(${peopleLock}, ${orgNo})`);
    const news = await findNews(tx, { orgNo, readId }, users);
    const changed = users.filter(({ personId }) => news.has(personId));
    if (changed.length === 0) return 0;
    await storeUsers(tx, { orgNo, readId }, changed);
    // The end of the list notes what is lost; what is shown again is noted at once, should it break off.
    const known = changed.flatMap(({ personId }) => (news.get(personId) ? [personId] : []));
    if (known.length > 0) await noteLostOwnership(tx, { orgId, personIds: known });
    return changed.length;
  });
}

/** Pages are stored together, and the end of a read of everybody only between them. */
export const peopleLock = sql.raw('7311843');

/**
 * Who is new, was shown differently, or is in a state that ends by being shown, with whether the mirror
 * knows them; the others are noted as seen.
 */
async function findNews(
  tx: Queryable,
  { orgNo, readId }: { orgNo: number; readId: number },
  users: readonly MirroredUser[],
): Promise<Map<string, boolean>> {
  const { rows } = await tx.execute<{ id: string; isKnown: boolean }>(sql`
    WITH shown AS MATERIALIZED (
      SELECT r.person_id, d.user_no, (d.user_no IS NULL OR d.shown_hash IS DISTINCT FROM r.shown_hash
        OR (r.calling_hash IS NOT NULL AND d.calling_hash IS DISTINCT FROM r.calling_hash)
        OR (r.has_date AND d.created_at IS NULL) OR d.missing_since IS NOT NULL OR d.missing_checks > 0
        OR d.not_found_at IS NOT NULL OR d.gone_at IS NOT NULL OR d.answered IS NOT NULL) AS is_news
      FROM unnest(${sql.param(users.map(({ personId }) => personId))}::text[],
          ${sql.param(users.map(shownHash))}::bigint[], ${sql.param(users.map(callingHash))}::bigint[],
          ${sql.param(users.map(({ createdAt }) => createdAt !== null))}::boolean[])
        AS r(person_id, shown_hash, calling_hash, has_date)
        LEFT JOIN LATERAL ${userOf(orgNo)} d ON true
    ), seen AS (
      INSERT INTO mirror_seen (org_no, read_id, users)
      SELECT ${orgNo}, ${readId}::integer, range_agg(int4range(user_no, user_no, '[]'))
      FROM shown WHERE NOT is_news HAVING count(*) > 0
    )
    SELECT person_id AS id, user_no IS NOT NULL AS "isKnown" FROM shown WHERE is_news`);
  return new Map(rows.map(({ id, isKnown }) => [id, isKnown]));
}

/**
 * Updates the query planner's statistics. Without it, a first read leaves them at an almost empty table,
 * and each page of candidates sorts everybody anew.
 */
export async function analyzeDirectory(db: Queryable): Promise<void> {
  await db.execute(sql`ANALYZE mirror_user, mirror_member, mirror_other_member, mirror_holdings`);
}
