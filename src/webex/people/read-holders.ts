import { canonicalId } from '../wire/map-directory';
import { readPages } from '../http/read-pages';
import type { Progress, Read } from '../http/reader';
import { wireLicenseUsers } from '../wire/wire';

/** Most users that one page of `GET /licenses/{id}?includeAssignedTo=user` has. */
export const usersPerPage = 300;

/** A set of licenses, one object for all who hold the same: memory grows with users, not holdings. */
export interface Combination {
  licenses: string[];
  plus: Map<string, Combination>;
}

/** Who holds which of these licenses, by the user pages of each. */
export async function readHolders(
  read: Read,
  licenseIds: readonly string[],
  progress: Progress,
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
      progress.tell(0);
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
