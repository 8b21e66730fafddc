import { canonicalId } from '../wire/map-directory';
import { readHolders, usersPerPage, type Combination } from './read-holders';
import type { Progress, Read } from '../http/reader';
import { WebexError } from '../port/webex';
import { wireLicenses, wirePerson, type WirePerson } from '../wire/wire';

/** Gives the people of one page their licenses, where the page came without. */
export type CompletePage = (people: WirePerson[], isLast: boolean) => Promise<WirePerson[]>;

export interface LicenseCompletion {
  /** Begins one read; `expected` is how many people it will ask for, null for all there are. */
  begin(expected: number | null, progress: Progress): CompletePage;
}

/**
 * Lists of people may come without `licenses`. Then they are taken from wherever that takes fewer
 * calls: one `GET /people/{id}` each, or all user pages of all licenses, once for the whole read.
 *
 * Either way only licenses that `GET /licenses` lists are shown: user pages exist for no others, and
 * a user must not look changed because two reads went different ways.
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
  /** Calls that the user pages of all licenses take. */
  pages: number;
  /** Users of the license that most have. */
  population: number;
}

async function listLicenseIds(read: Read, progress: Progress): Promise<Listing> {
  const call = { operation: 'GET /licenses', path: '/licenses', schema: wireLicenses };
  const { body } = await read(call, progress);
  progress.tell(0);
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

/** A person who is gone by now is left out, like one whom the list no longer shows. */
async function readEach(
  read: Read,
  people: readonly WirePerson[],
  listed: ReadonlySet<string>,
  progress: Progress,
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
  progress: Progress,
): Promise<WirePerson | null> {
  const call = {
    operation: 'GET /people/{personId}',
    path: `/people/${encodeURIComponent(person.id)}`,
    schema: wirePerson,
    missing: 'not-found' as const,
  };
  try {
    const { body } = await read(call, progress);
    progress.tell(0);
    return { ...person, ...body };
  } catch (error) {
    if (error instanceof WebexError && error.kind === 'not-found') return null;
    throw error;
  }
}
