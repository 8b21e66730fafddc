import { canonicalId } from '../wire/map-directory';
import { readPages } from '../http/read-pages';
import type { ReadProgress, Read } from '../http/reader';
import { wireLicenseUsers } from '../wire/wire';

/** The largest page of `GET /licenses/{id}?includeAssignedTo=user`. */
export const usersPerPage = 300;

/** A set of licenses, shared by all users who hold the same: memory grows with users, not holdings. */
export interface Combination {
  licenses: string[];
  plus: Map<string, Combination>;
}

/** Reads who holds which of these licenses, from the user pages of each license. */
export async function readHolders(
  read: Read,
  licenseIds: readonly string[],
  progress: ReadProgress,
): Promise<Map<string, Combination>> {
  const none: Combination = { licenses: [], plus: new Map() };
  const byPerson = new Map<string, Combination>();
  for (const licenseId of licenseIds) {
    const call = {
      operation: 'GET /licenses/{licenseId}',
      path: `/licenses/${encodeURIComponent(licenseId)}`,
      query: new URLSearchParams({ includeAssignedTo: 'user', limit: String(usersPerPage) }),
      schema: wireLicenseUsers,
    };
    for await (const { body } of readPages(read, call, progress)) {
      for (const { id } of body.users ?? []) {
        const personId = canonicalId(id);
        const held = byPerson.get(personId) ?? none;
        if (held.licenses.at(-1) !== licenseId) byPerson.set(personId, extended(held, licenseId));
      }
      progress.report(0);
    }
  }
  return byPerson;
}

function extended(held: Combination, licenseId: string): Combination {
  const known = held.plus.get(licenseId);
  if (known) return known;
  const made = { licenses: [...held.licenses, licenseId], plus: new Map<string, Combination>() };
  held.plus.set(licenseId, made);
  return made;
}
