import { readLinked } from '../http/read-linked';
import { incomplete, onlySome } from '../http/incomplete';
import { mapPages } from '../http/map-pages';
import { readUntilProven } from '../http/read-until-proven';
import type { ReadProgress, Read } from '../http/reader';
import type { IdForms } from '../wire/id-forms';
import { wireLicenseUsers, type WireLicenseUsers } from '../wire/wire';

/** The largest page of `GET /licenses/{id}?includeAssignedTo=user`. */
export const usersPerPage = 300;

const operation = 'GET /licenses/{licenseId}';
const list = 'license holders';

/** The count of users may be behind the list, or ahead of it, by so much. */
const toleratedPercent = 10;
const toleratedUsers = 5;

/** A set of licenses, shared by all users who hold the same: memory grows with users, not holdings. */
export interface Combination {
  licenses: string[];
  plus: Map<string, Combination>;
}

/**
 * Reads who holds which of these licenses, from the user pages of each license. Throws `incomplete` if
 * one shows far fewer users than it counts itself.
 */
export async function readHolders(
  read: Read,
  ids: IdForms,
  licenseIds: readonly string[],
  progress: ReadProgress,
): Promise<Map<string, Combination>> {
  const none: Combination = { licenses: [], plus: new Map() };
  const byPerson = new Map<string, Combination>();
  for (const licenseId of licenseIds) {
    for await (const personIds of holderPages(read, ids, licenseId, progress)) {
      for (const personId of personIds) {
        const held = byPerson.get(personId) ?? none;
        if (held.licenses.at(-1) !== licenseId) byPerson.set(personId, extended(held, licenseId));
      }
    }
  }
  return byPerson;
}

/** Those who hold one license, page by page: users of this organization and of others. */
function holderPages(
  read: Read,
  ids: IdForms,
  licenseId: string,
  progress: ReadProgress,
): AsyncGenerator<string[]> {
  const call = {
    operation,
    list,
    path: `/licenses/${encodeURIComponent(licenseId)}`,
    query: new URLSearchParams({ includeAssignedTo: 'user', limit: String(usersPerPage) }),
    schema: wireLicenseUsers,
    idsOf: (body: WireLicenseUsers) => holderIds(body, ids),
  } as const;
  async function* attempt() {
    const license: { promised: number | null } = { promised: null };
    const externals = new Set<string>();
    const pages = mapPages(readLinked(read, call, progress), (page) => {
      const { users, consumedByUsers } = page.body;
      license.promised = consumedByUsers ?? license.promised;
      // The units of other organizations' users aren't counted here.
      for (const { id, type } of users ?? []) {
        if (type?.toUpperCase() === 'EXTERNAL') externals.add(ids.person(id));
      }
      progress.report(0);
      return holderIds(page.body, ids) ?? [];
    });
    const proof = yield* pages;
    const { promised } = license;
    const shown = Math.max(0, proof.shown - externals.size);
    if (promised !== null && isFarBelow(shown, promised)) {
      const why = onlySome(shown, promised);
      throw incomplete({ operation, list, why, shown, promised });
    }
    return { ...proof, promised, shown };
  }
  return readUntilProven({ operation, list }, attempt, progress);
}

/** Null: the list is missing although the license says that users hold it. */
function holderIds({ users, consumedByUsers }: WireLicenseUsers, ids: IdForms): string[] | null {
  if (!users) return consumedByUsers ? null : [];
  return users.map(({ id }) => ids.person(id));
}

function isFarBelow(shown: number, promised: number): boolean {
  const lacking = promised - shown;
  return lacking > toleratedUsers && lacking * 100 > promised * toleratedPercent;
}

function extended(held: Combination, licenseId: string): Combination {
  const known = held.plus.get(licenseId);
  if (known) return known;
  const made = { licenses: [...held.licenses, licenseId], plus: new Map<string, Combination>() };
  held.plus.set(licenseId, made);
  return made;
}
