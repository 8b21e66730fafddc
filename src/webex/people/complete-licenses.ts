import { readHolders, usersPerPage, type Combination } from './read-holders';
import type { ReadProgress, Read } from '../http/reader';
import { readLicenseItems } from '../licenses/read-licenses';
import { WebexError } from '../port/webex';
import { idKey, type IdForms } from '../wire/id-forms';
import { wirePerson, type WirePerson } from '../wire/wire';

/** Adds licenses to the people of one page, if the page had none. */
export type CompletePage = (people: WirePerson[], isLast: boolean) => Promise<CompletedPage>;

export interface CompletedPage {
  people: WirePerson[];
  /** Ids that the list shows, but that are not found by id, or as somebody else: one of the two is wrong. */
  contradicted: string[];
}

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
 *
 * A user who is shown alone and without `licenses` holds none, if this credential has ever been shown
 * anybody's; otherwise it may not see them, and the user pages tell.
 */
export function createLicenseCompletion(read: Read, ids: IdForms): LicenseCompletion {
  let seesLicenses = false;
  const note = (people: readonly WirePerson[]) => {
    seesLicenses ||= people.some(({ licenses }) => (licenses?.length ?? 0) > 0);
  };
  return {
    begin: (expected, progress) => {
      let listing: Listing | undefined;
      let byPerson: Map<string, Combination> | undefined;
      let calls = 0;
      return async (people, isLast) => {
        note(people);
        const bare = people.filter((person) => !person.licenses);
        if (bare.length === 0) return { people, contradicted: [] };
        listing ??= await listLicenseIds(read, ids, progress);
        const noneHas = bare.length === people.length;
        const toCome = noneHas && !isLast ? (expected ?? listing.population) : 0;
        if (!byPerson && calls + Math.max(bare.length, toCome) > listing.pages) {
          byPerson = await readHolders(read, ids, listing.ids, progress);
        }
        const holders = byPerson;
        if (holders) {
          const held = people.map((person) => withHeld(person, ids, holders));
          return { people: held, contradicted: [] };
        }
        calls += bare.length;
        const listed = new Set(listing.ids);
        const each = await readEach({ read, ids, listed }, people, progress);
        note(each.people);
        if (seesLicenses || each.people.every(({ licenses }) => licenses)) return each;
        const shown = (byPerson = await readHolders(read, ids, listing.ids, progress));
        return { ...each, people: each.people.map((person) => withHeld(person, ids, shown)) };
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

async function listLicenseIds(read: Read, ids: IdForms, progress: ReadProgress): Promise<Listing> {
  const items = await readLicenseItems(read, ids, { ...progress, prove: () => undefined });
  progress.report(0);
  const users = items.map((item) => item.consumedByUsers ?? item.consumedUnits ?? 0);
  return {
    ids: items.map((item) => item.id),
    pages: users.reduce((sum, count) => sum + Math.max(1, Math.ceil(count / usersPerPage)), 0),
    population: Math.max(0, ...users),
  };
}

function withHeld(
  person: WirePerson,
  ids: IdForms,
  byPerson: ReadonlyMap<string, Combination>,
): WirePerson {
  if (person.licenses) return person;
  return { ...person, licenses: byPerson.get(ids.person(person.id))?.licenses ?? [] };
}

async function readEach(
  deps: { read: Read; ids: IdForms; listed: ReadonlySet<string> },
  people: readonly WirePerson[],
  progress: ReadProgress,
): Promise<CompletedPage> {
  const { read, ids, listed } = deps;
  const completed: WirePerson[] = [];
  const contradicted: string[] = [];
  for (const person of people) {
    const whole = person.licenses ? person : await readOne(read, person, progress);
    if (!whole) {
      contradicted.push(person.id);
      continue;
    }
    if (whole !== person) {
      whole.licenses = whole.licenses?.filter((id) => listed.has(ids.license(id)));
    }
    completed.push(whole);
  }
  return { people: completed, contradicted };
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
    return idKey(body.id) === idKey(person.id) ? { ...person, ...body } : null;
  } catch (error) {
    if (error instanceof WebexError && error.kind === 'not-found') return null;
    throw error;
  }
}
