import type { LicenseCompletion } from './complete-licenses';
import { canonicalId, toUser } from '../wire/map-directory';
import { readPages } from '../http/read-pages';
import type { Progress, Read } from '../http/reader';
import type { PeopleRead } from '../port/webex';
import { wirePeople, type WirePerson } from '../wire/wire';

/** Most ids that `GET /people?id=` takes. */
const idsPerCall = 85;
/** What is asked for; Webex clamps it silently, and what came is remembered. */
const askedPageSize = 1000;
/** With `callingData` Webex gives no larger pages than this. */
const callingPageSize = 100;

export interface PeopleReader {
  listPeople(progress: Progress, callingData: boolean): AsyncGenerator<PeopleRead>;
  readPeople(
    personIds: readonly string[],
    population: number,
    progress: Progress,
    callingData: boolean,
  ): AsyncGenerator<PeopleRead>;
}

export interface PeopleReaderOptions {
  read: Read;
  completion: LicenseCompletion;
  /** UUID of the token's organization, for telling external users. */
  ownOrgUuid: (progress: Progress) => Promise<string | null>;
}

/** Reads users in bulk, and remembers what pages this Webex gives. */
export function createPeopleReader(options: PeopleReaderOptions): PeopleReader {
  const { read, completion } = options;
  let pageSize = askedPageSize;

  async function* listPeople(progress: Progress, callingData: boolean): AsyncGenerator<PeopleRead> {
    const orgUuid = await options.ownOrgUuid(progress);
    const complete = completion.begin(null, progress);
    for await (const { items, isLast } of peoplePages(progress, callingData)) {
      const people = await complete(items, isLast);
      yield { users: people.map((person) => toUser(person, orgUuid, callingData)), notFound: [] };
    }
  }

  async function* readPeople(
    personIds: readonly string[],
    population: number,
    progress: Progress,
    callingData: boolean,
  ): AsyncGenerator<PeopleRead> {
    if (personIds.length === 0) return;
    const orgUuid = await options.ownOrgUuid(progress);
    const wanted = new Set(personIds.map(canonicalId));
    const complete = completion.begin(wanted.size, progress);
    const missing = new Set(wanted);
    const idCalls = () => Math.ceil(missing.size / idsPerCall);
    const usersPerPage = () => (callingData ? callingPageSize : pageSize);
    if (Math.ceil(population / usersPerPage()) < idCalls()) {
      let shown = 0;
      for await (const { items } of peoplePages(progress, callingData)) {
        shown += items.length;
        const asked = items.filter((person) => missing.has(canonicalId(person.id)));
        const users = (await complete(asked, true)).map((person) =>
          toUser(person, orgUuid, callingData),
        );
        for (const user of users) missing.delete(user.personId);
        if (users.length > 0) yield { users, notFound: [] };
        // Asked again after each page: pages may have turned out smaller than asked for.
        if (Math.ceil(Math.max(1, population - shown) / usersPerPage()) >= idCalls()) break;
      }
    }
    // By id: all of them, or those whom the pages didn't show, which proves nothing about them yet.
    const left = [...missing];
    for (let from = 0; from < left.length; from += idsPerCall) {
      const ids = left.slice(from, from + idsPerCall);
      const people = await complete(await peopleById(ids, progress, callingData), true);
      const users = people.map((person) => toUser(person, orgUuid, callingData));
      const found = new Set(users.map((user) => user.personId));
      yield { users, notFound: ids.filter((id) => !found.has(id)) };
    }
  }

  async function* peoplePages(
    progress: Progress,
    callingData: boolean,
  ): AsyncGenerator<{ items: WirePerson[]; isLast: boolean }> {
    const call = {
      operation: 'GET /people',
      path: '/people',
      query: callingData
        ? new URLSearchParams({ max: String(callingPageSize), callingData: 'true' })
        : new URLSearchParams({ max: String(askedPageSize) }),
      schema: wirePeople,
      canShrink: true,
    };
    let largest = 0;
    for await (const { body, isLast } of readPages(read, call, progress)) {
      largest = Math.max(largest, body.items.length);
      if (!isLast && largest > 0 && !callingData) pageSize = largest;
      progress.tell(body.items.length);
      yield { items: body.items, isLast };
    }
  }

  async function peopleById(
    ids: readonly string[],
    progress: Progress,
    callingData: boolean,
  ): Promise<WirePerson[]> {
    const query = new URLSearchParams({ id: ids.join(','), max: String(idsPerCall) });
    if (callingData) query.set('callingData', 'true');
    const call = { operation: 'GET /people', path: '/people', query, schema: wirePeople };
    const people: WirePerson[] = [];
    // One page, unless this Webex gives smaller ones: nobody may seem gone because of that.
    for await (const { body } of readPages(read, call, progress)) {
      progress.tell(body.items.length);
      people.push(...body.items);
    }
    return people;
  }

  return { listPeople, readPeople };
}
