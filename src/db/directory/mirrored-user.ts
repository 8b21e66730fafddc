/** A user as a read of people shows them, and what of it the mirror compares. */
import { createHash } from 'node:crypto';
import type { CallingRecord } from '../../domain/licenses/calling';
import { normalizedAddress } from '../../domain/model/address';
import type { UserKind } from '../../domain/model/user';

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

/** Null where the e-mail address, as it is, is the only one. */
export function addressesOf({ email, addresses = [] }: MirroredUser): string[] | null {
  const all = [email, ...addresses].map(normalizedAddress);
  const known = [...new Set(all)].filter((address) => address !== '');
  return known.length === 1 && known[0] === email ? null : known;
}

/**
 * Equal where the mirror has nothing to store: 64 bits, as PostgreSQL's `bigint`. Lists are compared as
 * sets. What reads show only sometimes has a hash of its own.
 */
export function shownHash(user: MirroredUser): string {
  const { email, addresses = [], displayName, kind, status, createdAt, holdings } = user;
  const { licenses, attendeeSites } = holdings;
  return hashOf([
    ...[email, [...addresses].sort(), displayName, kind, status, createdAt?.getTime() ?? null],
    ...[[...licenses].sort(), attendeeSites && [...attendeeSites].sort()],
    ...[user.invitePending ?? null, user.loginEnabled ?? null],
  ]);
}

/** Null where the read didn't show anything about Calling. */
export function callingHash({ calling }: MirroredUser): string | null {
  return calling ? hashOf(calling) : null;
}

function hashOf(value: unknown): string {
  const digest = createHash('md5').update(JSON.stringify(value)).digest();
  return digest.readBigInt64BE(0).toString();
}
