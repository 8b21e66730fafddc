import { canonicalId } from '../wire/map-directory';
import { readHolders, usersPerPage, type Combination } from './read-holders';
import type { ReadProgress, Read } from '../http/reader';
import { WebexError } from '../port/webex';
import { wireLicenses, wirePerson, type WirePerson } from '../wire/wire';

/** Adds licenses to the people of one page, if the page had none. */
export type CompletePage = (people: WirePerson[], isLast: boolean) => Promise<WirePerson[]>;

export interface LicenseCompletion {
  /** Begins one read; `expected`: how many people it asks for, null: all of them. */
  begin(expected: number | null, progress: ReadProgress): CompletePage;
}

/**
 * Lists of people may lack `licenses`. Then they are read in the way that takes fewer calls: one
 * `GET /people/{id}` per user, or the user pages of all licenses, once for the whole read.
 *
 * Both ways show only licenses that `GET /licenses` lists: there are no user pages of others, and a user
 * must not look changed because two reads were made in different ways.
 */
export function createLicenseCompletion(read: Read): LicenseCompletion {
  return {
    begin: (expected, progress) => {
      let listing: Listing | undefined;
      let byPerson: Map<string, Combination> | undefined;
      let calls = 0;
      return async (people, isLast) => {
        const bare = people.filter((person) => !person.licenses);
        if (bare.length === 0) return people;
        listing ??= await listLicenseIds(read, progress);
        const noneHas = bare.length === people.length;
        const toCome = noneHas && !isLast ? (expected ?? listing.population) : 0;
        if (!byPerson && calls + Math.max(bare.length, toCome) > listing.pages) {
          byPerson = await readHolders(read, listing.ids, progress);
        }
        const holders = byPerson;
        if (holders) return people.map((person) => withHeld(person, holders));
        calls += bare.length;
        return await readEach(read, people, new Set(listing.ids), progress);
      };
    },
  };
}

interface Listing {
  ids: string[];
  /** Calls needed for the user pages of all licenses. */
  pages: number;
  /** Users of the most widely held license. */
  population: number;
}

async function listLicenseIds(read: Read, progress: ReadProgress): Promise<Listing> {
  const call = { operation: 'GET /licenses', path: '/licenses', schema: wireLicenses };
  const { body } = await read(call, progress);
  progress.report(0);
  const users = body.items.map((item) => item.consumedByUsers ?? item.consumedUnits ?? 0);
  return {
    ids: body.items.map((item) => canonicalId(item.id)),
    pages: users.reduce((sum, count) => sum + Math.max(1, Math.ceil(count / usersPerPage)), 0),
    population: Math.max(0, ...users),
  };
}

function withHeld(person: WirePerson, byPerson: ReadonlyMap<string, Combination>): WirePerson {
  if (person.licenses) return person;
  return { ...person, licenses: byPerson.get(canonicalId(person.id))?.licenses ?? [] };
}

/** Leaves out people who don't exist any more, like those whom the list doesn't show. */
async function readEach(
  read: Read,
  people: readonly WirePerson[],
  listed: ReadonlySet<string>,
  progress: ReadProgress,
): Promise<WirePerson[]> {
  const completed: WirePerson[] = [];
  for (const person of people) {
    const whole = person.licenses ? person : await readOne(read, person, progress);
    if (!whole) continue;
    if (whole !== person) {
      whole.licenses = (whole.licenses ?? []).filter((id) => listed.has(canonicalId(id)));
    }
    completed.push(whole);
  }
  return completed;
}

async function readOne(
  read: Read,
  person: WirePerson,
  progress: ReadProgress,
): Promise<WirePerson | null> {
  const call = {
    operation: 'GET /people/{personId}',
    path: `/people/${encodeURIComponent(person.id)}`,
    schema: wirePerson,
    missing: 'not-found' as const,
  };
  try {
    const { body } = await read(call, progress);
    progress.report(0);
    return { ...person, ...body };
  } catch (error) {
    if (error instanceof WebexError && error.kind === 'not-found') return null;
    throw error;
  }
}
