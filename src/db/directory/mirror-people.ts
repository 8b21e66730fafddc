/** The mirror of the directory: what Webex showed, written in batches. */
import { sql, type SQL } from 'drizzle-orm';
import type { CallingRecord } from '../../domain/licenses/calling';
import { normalizedAddress } from '../../domain/model/address';
import type { UserKind } from '../../domain/model/user';
import type { Queryable } from '../connect';
import { isAnswerTrusted, isSameSet, sitesAnswered } from '../sql';
import { noteLostOwnership } from '../provenance/note-lost-ownership';
import { adoptMembers } from './adopt-members';
import { numberOrganization } from '../numbers';
import type { DirectoryRead } from './reads';

export interface MirroredUser {
  personId: string;
  email: string;
  /** All of them; absent: only `email` is known. */
  addresses?: readonly string[];
  displayName: string;
  kind: UserKind;
  status: string | null;
  /** Absent or null: the read didn't show it, and the known value is kept. */
  invitePending?: boolean | null;
  loginEnabled?: boolean | null;
  calling?: CallingRecord | null;
  createdAt: Date | null;
  holdings: { licenses: string[]; attendeeSites: string[] | null };
}

/** Webex's clock and the database's may differ by this much; a date beyond it isn't believed (R93). */
const clockTolerance = sql.raw(`interval '5 minutes'`);

/** The list that row `r` of a page shows, as `mirror_holdings` knows it. */
const digestOf = sql`md5(r.licenses::text || coalesce('/' || r.attendee_sites::text, ''))::uuid`;

/** What is read of user `d` agrees with the answer (R80a); silence about attendee accounts doesn't. */
const showsAnswer = sql`${isSameSet(sql`(d.answered->'licenses')`, sql`r.licenses`)}
  AND coalesce(${isSameSet(sitesAnswered('d'), sql`coalesce(r.attendee_sites, '[]'::jsonb)`)}, true)`;

/** Null where the e-mail address as it is, is the only one. */
function addressesOf({ email, addresses = [] }: MirroredUser): string[] | null {
  const all = [email, ...addresses].map(normalizedAddress);
  const known = [...new Set(all)].filter((address) => address !== '');
  return known.length === 1 && known[0] === email ? null : known;
}

/** The users of a page as rows `r` of a statement. */
function shownRows(users: readonly MirroredUser[]): SQL {
  const rows = users.map((user) => ({
    person_id: user.personId,
    email: user.email,
    addresses: addressesOf(user),
    display_name: user.displayName,
    kind: user.kind,
    status: user.status,
    created_at: user.createdAt?.toISOString() ?? null,
    licenses: user.holdings.licenses,
    attendee_sites: user.holdings.attendeeSites,
    invite_pending: user.invitePending ?? null,
    login_enabled: user.loginEnabled ?? null,
    calling: user.calling ?? null,
  }));
  return sql`(SELECT x.person_id, x.email, x.addresses, x.display_name, x.kind, x.status,
      CASE WHEN x.created_at <= now() + ${clockTolerance} THEN x.created_at END AS created_at,
      x.licenses, nullif(x.attendee_sites, 'null') AS attendee_sites, x.invite_pending,
      x.login_enabled, nullif(x.calling, 'null') AS calling
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS x(person_id text, email text, addresses text[], display_name text, kind text, status text,
        created_at timestamptz, licenses jsonb, attendee_sites jsonb, invite_pending boolean,
        login_enabled boolean, calling jsonb)) r`;
}

/**
 * Stores a page of people. What a user holds when first seen is kept permanently: provenance begins
 * there (R31a). The answer to our last write is believed until a later read agrees with it or 24 hours
 * have passed (R80a): then it is forgotten here. Who is shown isn't missing any more (R89).
 */
export async function mirrorUsers(
  db: Queryable,
  orgId: string,
  users: readonly MirroredUser[],
  { readId }: Pick<DirectoryRead, 'readId'>,
): Promise<void> {
  if (users.length === 0) return;
  const orgNo = await numberOrganization(db, orgId);
  const rows = shownRows(users);
  await db.execute(sql`
    INSERT INTO mirror_holdings (org_no, licenses, attendee_sites, digest)
    SELECT DISTINCT ${orgNo}::integer, r.licenses, r.attendee_sites, ${digestOf} AS digest FROM ${rows}
    WHERE NOT EXISTS (SELECT 1 FROM mirror_holdings h WHERE h.org_no = ${orgNo} AND h.digest = ${digestOf})
    ORDER BY digest
    ON CONFLICT (org_no, digest) DO NOTHING`);
  // Others may insert the same users at the same time: then these are known when it is done again.
  for (let stored = 0, turn = 0; stored < users.length && turn < 3; turn += 1) {
    stored = await storeUsers(db, { orgNo, rows, readId });
  }
  const personIds = users.map(({ personId }) => personId);
  await adoptMembers(db, { orgNo, personIds });
  await noteLostOwnership(db, { orgId, personIds });
}

/** Updates those who are known and inserts the others: numbers aren't used up by users who are known. */
async function storeUsers(
  db: Queryable,
  { orgNo, rows, readId }: { orgNo: number; rows: SQL; readId: number },
): Promise<number> {
  const { rows: counted } = await db.execute<{ stored: number }>(sql`
    WITH shown AS MATERIALIZED (
      SELECT r.*, h.holdings_no FROM ${rows}
        JOIN mirror_holdings h ON h.org_no = ${orgNo} AND h.digest = ${digestOf}
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
        calling = coalesce(r.calling, d.calling),
        answered = CASE
          WHEN NOT ${isAnswerTrusted('d')} THEN NULL
          WHEN now() > d.answered_at AND ${showsAnswer} THEN NULL
          ELSE d.answered END
      FROM shown r WHERE d.org_no = ${orgNo} AND d.person_id = r.person_id
      RETURNING d.person_id
    ), arrived AS (
      INSERT INTO mirror_user (org_no, person_id, email, addresses, display_name, kind, status, created_at,
        holdings_no, first_holdings_no, invite_pending, login_enabled, calling, read_at, seen_in)
      SELECT ${orgNo}, r.person_id, r.email, r.addresses, r.display_name, r.kind, r.status, r.created_at,
        r.holdings_no, r.holdings_no, r.invite_pending, r.login_enabled, r.calling, now(),
        ${readId}::integer
      FROM shown r WHERE NOT EXISTS (SELECT 1 FROM mirror_user d
        WHERE d.org_no = ${orgNo} AND d.person_id = r.person_id)
      ORDER BY r.person_id
      ON CONFLICT (org_no, person_id) DO NOTHING
      RETURNING person_id
    )
    SELECT (SELECT count(*) FROM known)::int + (SELECT count(*) FROM arrived)::int AS stored`);
  return counted[0]?.stored ?? 0;
}

/**
 * Updates the query planner's statistics. Without it, a first read leaves them at an almost empty table,
 * and each page of candidates sorts everybody anew.
 */
export async function analyzeDirectory(db: Queryable): Promise<void> {
  await db.execute(sql`ANALYZE mirror_user, mirror_member, mirror_other_member, mirror_holdings`);
}
