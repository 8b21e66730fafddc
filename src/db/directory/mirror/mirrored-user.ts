/** A user as a read of people shows them, and what of it the mirror compares. */
import { hash } from 'node:crypto';
import type { CallingRecord } from '../../../domain/licenses/calling';
import { normalizedAddress } from '../../../domain/model/address';
import type { UserKind } from '../../../domain/model/user';

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
  const parts = [
    ...[email, setDigest(addresses), displayName, kind, status, createdAt?.getTime()],
    ...[setDigest(holdings.licenses), holdings.attendeeSites && setDigest(holdings.attendeeSites)],
    ...[user.invitePending, user.loginEnabled],
  ];
  // No text that PostgreSQL can store contains the separator; null and absent are the same.
  return hashOf(parts.map((part) => (part === null ? undefined : part)).join(separator));
}

const separator = '\0';

/** Null where the read didn't show anything about Calling. */
export function callingHash({ calling }: MirroredUser): string | null {
  return calling ? hashOf(JSON.stringify(calling)) : null;
}

function hashOf(text: string): string {
  return BigInt.asIntN(64, BigInt(`0x${hash('md5', text).slice(0, 16)}`)).toString();
}

/** Digests of lists by the order in which they come: users share few lists of licenses. */
const digests = new Map<string, string>();
const mostDigests = 10_000;

function setDigest(texts: readonly string[]): string {
  const [first = ''] = texts;
  if (texts.length < 2) return `${texts.length}${first}`;
  const listed = texts.join(separator);
  const known = digests.get(listed);
  if (known !== undefined) return known;
  if (digests.size >= mostDigests) digests.clear();
  const digest = hash('md5', [...texts].sort().join(separator));
  digests.set(listed, digest);
  return digest;
}
