/** The mirror of the directory: what Webex showed, written in batches. */
import { sql } from 'drizzle-orm';
import type { CallingRecord } from '../../domain/licenses/calling';
import { normalizedAddress } from '../../domain/model/address';
import type { UserKind } from '../../domain/model/user';
import type { Queryable } from '../connect';
import { isAnswerTrusted, isSameSet, sitesAnswered } from '../sql';
import { noteLostOwnership } from '../provenance/note-lost-ownership';
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

/** What is read of user `d` agrees with the answer (R80a); silence about attendee accounts doesn't. */
const showsAnswer = sql`${isSameSet(sql`(d.answered->'licenses')`, sql`excluded.licenses`)}
  AND coalesce(${isSameSet(sitesAnswered('d'), sql`coalesce(excluded.attendee_sites, '[]'::jsonb)`)}, true)`;

function addressesOf({ email, addresses = [] }: MirroredUser): string[] {
  const all = [email, ...addresses].map(normalizedAddress);
  return [...new Set(all)].filter((address) => address !== '');
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
  await db.execute(sql`
    INSERT INTO directory_user AS d (org_id, person_id, email, addresses, display_name, kind, status,
      created_at, licenses, attendee_sites, invite_pending, login_enabled, calling, first_licenses, read_at, seen_in)
    SELECT ${orgId}, r.person_id, r.email, r.addresses, r.display_name, r.kind, r.status,
      CASE WHEN r.created_at <= now() + ${clockTolerance} THEN r.created_at END, r.licenses,
      nullif(r.attendee_sites, 'null'::jsonb), r.invite_pending, r.login_enabled,
      nullif(r.calling, 'null'::jsonb), r.licenses, now(), ${readId}::bigint
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS r(person_id text, email text, addresses jsonb, display_name text, kind text, status text,
        created_at timestamptz, licenses jsonb, attendee_sites jsonb, invite_pending boolean,
        login_enabled boolean, calling jsonb)
    ON CONFLICT (org_id, person_id) DO UPDATE SET email = excluded.email,
      addresses = excluded.addresses,
      display_name = excluded.display_name, kind = excluded.kind, status = excluded.status,
      created_at = coalesce(excluded.created_at, d.created_at), licenses = excluded.licenses,
      attendee_sites = excluded.attendee_sites, read_at = excluded.read_at, gone_at = NULL,
      returned_at = CASE WHEN d.gone_at IS NOT NULL AND d.watched_at IS NOT NULL THEN now()
        ELSE d.returned_at END,
      watched_at = CASE WHEN d.gone_at IS NULL THEN d.watched_at END,
      seen_in = greatest(d.seen_in, excluded.seen_in), missing_since = NULL, missing_checks = 0,
      not_found_at = NULL,
      invite_pending = coalesce(excluded.invite_pending, d.invite_pending),
      login_enabled = coalesce(excluded.login_enabled, d.login_enabled),
      calling = coalesce(excluded.calling, d.calling),
      answered = CASE
        WHEN NOT ${isAnswerTrusted('d')} THEN NULL
        WHEN excluded.read_at > d.answered_at AND ${showsAnswer} THEN NULL
        ELSE d.answered END`);
  await noteLostOwnership(db, { orgId, personIds: users.map(({ personId }) => personId) });
}

/**
 * Updates the query planner's statistics. Without it, a first read leaves them at an almost empty table,
 * and each page of candidates sorts everybody anew.
 */
export async function analyzeDirectory(db: Queryable): Promise<void> {
  await db.execute(sql`ANALYZE directory_user, directory_member`);
}
