/** Writes users into the mirror, in batches. */
import { sql, type SQL } from 'drizzle-orm';
import type { Queryable } from '../../connect';
import { isAnswerTrusted, isSameSet, sitesAnswered } from '../../sql';
import { adoptMembers } from './adopt-members';
import { addressesOf, callingHash, shownHash, type MirroredUser } from './mirrored-user';
import { numberHoldings } from './number-holdings';

/** Webex's clock and the database's may differ by this much; a date beyond it isn't believed (R93). */
const clockTolerance = sql.raw(`interval '5 minutes'`);

/** What is read of user `d` agrees with the answer (R80a); silence about attendee accounts doesn't. */
const showsAnswer = sql`(SELECT ${isSameSet(sql`(d.answered->'licenses')`, sql`h.licenses`)}
    AND coalesce(${isSameSet(sitesAnswered('d'), sql`coalesce(h.attendee_sites, '[]'::jsonb)`)}, true)
  FROM mirror_holdings h WHERE h.holdings_no = r.holdings_no)`;

/** The users of a page as rows `r` of a statement. */
function shownRows(users: readonly MirroredUser[], holdingsNos: readonly number[]): SQL {
  const rows = users.map((user, at) => ({
    person_id: user.personId,
    email: user.email,
    addresses: addressesOf(user),
    display_name: user.displayName,
    kind: user.kind,
    status: user.status,
    created_at: user.createdAt?.toISOString() ?? null,
    holdings_no: holdingsNos[at],
    invite_pending: user.invitePending ?? null,
    login_enabled: user.loginEnabled ?? null,
    calling: user.calling ?? null,
    shown_hash: shownHash(user),
    calling_hash: callingHash(user),
  }));
  return sql`(SELECT x.person_id, x.email, x.addresses, x.display_name, x.kind, x.status,
      CASE WHEN x.created_at <= now() + ${clockTolerance} THEN x.created_at END AS created_at,
      x.holdings_no, x.invite_pending,
      x.login_enabled, nullif(x.calling, 'null') AS calling, x.shown_hash, x.calling_hash
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS x(person_id text, email text, addresses text[], display_name text, kind text, status text,
        created_at timestamptz, holdings_no integer, invite_pending boolean,
        login_enabled boolean, calling jsonb, shown_hash bigint, calling_hash bigint)) r`;
}

/**
 * The user of row `r` of a page, by the index: joined in another way, the whole table might be read for
 * each page.
 */
export function userOf(orgNo: number): SQL {
  return sql`(SELECT * FROM mirror_user u WHERE u.org_no = ${orgNo} AND u.person_id = r.person_id OFFSET 0)`;
}

/**
 * What a user holds when first seen is kept permanently: provenance begins there (R31a). The answer to our
 * last write is believed until a later read agrees with it or 24 hours have passed (R80a): then it is
 * forgotten here. Who is shown isn't missing any more (R89).
 */
export async function storeUsers(
  db: Queryable,
  { orgNo, readId }: { orgNo: number; readId: number },
  users: readonly MirroredUser[],
): Promise<void> {
  const rows = shownRows(users, await numberHoldings(db, orgNo, users));
  // Others may insert the same users at the same time: then these are known when it is done again.
  for (let stored = 0, turn = 0; stored < users.length && turn < 3; turn += 1) {
    stored = await storeRows(db, { orgNo, rows, readId });
  }
  await adoptMembers(db, { orgNo, personIds: users.map(({ personId }) => personId) });
}

/** Updates those who are known and inserts the others: numbers aren't used up by users who are known. */
async function storeRows(
  db: Queryable,
  { orgNo, rows, readId }: { orgNo: number; rows: SQL; readId: number },
): Promise<number> {
  const { rows: counted } = await db.execute<{ stored: number }>(sql`
    WITH shown AS MATERIALIZED (
      SELECT r.*, d.user_no FROM ${rows} LEFT JOIN LATERAL ${userOf(orgNo)} d ON true
    ), locked AS MATERIALIZED (
      -- in one order, so that two reads of the same users don't wait for each other
      SELECT d.user_no FROM mirror_user d
      WHERE d.user_no = ANY(ARRAY(SELECT r.user_no FROM shown r WHERE r.user_no IS NOT NULL))
      ORDER BY d.user_no FOR UPDATE
    ), known AS (
      UPDATE mirror_user d SET email = r.email, addresses = r.addresses,
        display_name = r.display_name, kind = r.kind, status = r.status,
        created_at = coalesce(r.created_at, d.created_at), holdings_no = r.holdings_no,
        read_at = now(), gone_at = NULL,
        returned_at = CASE WHEN d.gone_at IS NOT NULL AND d.watched_at IS NOT NULL THEN now()
          ELSE d.returned_at END,
        watched_at = CASE WHEN d.gone_at IS NULL THEN d.watched_at END,
        seen_in = greatest(d.seen_in, ${readId}::integer), missing_since = NULL, missing_checks = 0,
        not_found_at = NULL,
        invite_pending = coalesce(r.invite_pending, d.invite_pending),
        login_enabled = coalesce(r.login_enabled, d.login_enabled),
        calling = coalesce(r.calling, d.calling), shown_hash = r.shown_hash,
        calling_hash = coalesce(r.calling_hash, d.calling_hash),
        answered = CASE
          WHEN NOT ${isAnswerTrusted('d')} THEN NULL
          WHEN now() > d.answered_at AND ${showsAnswer} THEN NULL
          ELSE d.answered END
      FROM shown r JOIN locked USING (user_no) WHERE d.user_no = locked.user_no
      RETURNING d.person_id
    ), arrived AS (
      INSERT INTO mirror_user (org_no, person_id, email, addresses, display_name, kind, status, created_at,
        holdings_no, first_holdings_no, invite_pending, login_enabled, calling, shown_hash, calling_hash,
        read_at, seen_in)
      SELECT ${orgNo}, r.person_id, r.email, r.addresses, r.display_name, r.kind, r.status, r.created_at,
        r.holdings_no, r.holdings_no, r.invite_pending, r.login_enabled, r.calling, r.shown_hash,
        r.calling_hash, now(), ${readId}::integer
      FROM shown r WHERE r.user_no IS NULL ORDER BY r.person_id
      ON CONFLICT (org_no, person_id) DO NOTHING
      RETURNING person_id
    )
    SELECT (SELECT count(*) FROM known)::int + (SELECT count(*) FROM arrived)::int AS stored`);
  return counted[0]?.stored ?? 0;
}
