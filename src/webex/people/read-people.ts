import type { LicenseCompletion } from './complete-licenses';
import { canonicalId, toUser } from '../wire/map-directory';
import { readPages } from '../http/read-pages';
import type { ReadProgress, Read } from '../http/reader';
import type { PeopleRead } from '../port/webex';
import { wirePeople, type WirePerson } from '../wire/wire';

/** The largest number of ids that `GET /people?id=` accepts. */
const idsPerCall = 85;
/** The page size to request. Webex reduces it silently, so the size that it returns is remembered. */
const askedPageSize = 1000;
/** With `callingData`, pages have at most this many users. */
const callingPageSize = 100;

export interface PeopleReaderOptions {
  read: Read;
  completion: LicenseCompletion;
  /** UUID of the token's organization, to recognize external users. */
  ownOrgUuid: (progress: ReadProgress) => Promise<string | null>;
}

export interface PeopleWanted {
  personIds: readonly string[];
  /** Users in the organization: decides between asking by id and reading all pages. */
  population: number;
}

/** Reads users in bulk, and remembers the page size that this Webex returns. */
export class PeopleReader {
  private pageSize = askedPageSize;

  constructor(private readonly options: PeopleReaderOptions) {}

  /** All users, page by page (`GET /people`). */
  async *listPeople(progress: ReadProgress, callingData: boolean): AsyncGenerator<PeopleRead> {
    const toUsers = await this.userMapper(progress, callingData);
    const complete = this.options.completion.begin(null, progress);
    for await (const { items, isLast } of this.pages(progress, callingData)) {
      yield { users: toUsers(await complete(items, isLast)), notFound: [] };
    }
  }

  /** These users: from the pages of all users if that needs fewer calls, the others by id. */
  async *readPeople(
    { personIds, population }: PeopleWanted,
    progress: ReadProgress,
    callingData: boolean,
  ): AsyncGenerator<PeopleRead> {
    if (personIds.length === 0) return;
    const toUsers = await this.userMapper(progress, callingData);
    const missing = new Set(personIds.map(canonicalId));
    const complete = this.options.completion.begin(missing.size, progress);
    if (this.arePagesCheaper(population, missing.size, callingData)) {
      let shown = 0;
      for await (const { items } of this.pages(progress, callingData)) {
        shown += items.length;
        const asked = items.filter((person) => missing.has(canonicalId(person.id)));
        const users = toUsers(await complete(asked, true));
        for (const user of users) missing.delete(user.personId);
        if (users.length > 0) yield { users, notFound: [] };
        // Compared again after each page: pages may turn out smaller than requested.
        const unseen = Math.max(1, population - shown);
        if (!this.arePagesCheaper(unseen, missing.size, callingData)) break;
      }
    }
    // By id: all of them, or those that no page showed, which doesn't prove yet that they are gone.
    for (const ids of chunks([...missing], idsPerCall)) {
      const people = await complete(await this.peopleById(ids, progress, callingData), true);
      const users = toUsers(people);
      const found = new Set(users.map((user) => user.personId));
      yield { users, notFound: ids.filter((id) => !found.has(id)) };
    }
  }

  private arePagesCheaper(users: number, ids: number, callingData: boolean): boolean {
    const usersPerPage = callingData ? callingPageSize : this.pageSize;
    return Math.ceil(users / usersPerPage) < Math.ceil(ids / idsPerCall);
  }

  private async userMapper(progress: ReadProgress, callingData: boolean) {
    const orgUuid = await this.options.ownOrgUuid(progress);
    return (people: WirePerson[]) => people.map((one) => toUser(one, orgUuid, callingData));
  }

  private async *pages(
    progress: ReadProgress,
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
    for await (const { body, isLast } of readPages(this.options.read, call, progress)) {
      largest = Math.max(largest, body.items.length);
      if (!isLast && largest > 0 && !callingData) this.pageSize = largest;
      progress.report(body.items.length);
      yield { items: body.items, isLast };
    }
  }

  private async peopleById(
    ids: readonly string[],
    progress: ReadProgress,
    callingData: boolean,
  ): Promise<WirePerson[]> {
    const query = new URLSearchParams({ id: ids.join(','), max: String(idsPerCall) });
    if (callingData) query.set('callingData', 'true');
    const call = { operation: 'GET /people', path: '/people', query, schema: wirePeople };
    const people: WirePerson[] = [];
    // Normally one page. If this Webex returns smaller ones, all are read: nobody may seem gone.
    for await (const { body } of readPages(this.options.read, call, progress)) {
      progress.report(body.items.length);
      people.push(...body.items);
    }
    return people;
  }
}

function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
