import type { LicenseCompletion } from './complete-licenses';
import { askForPeople, idsPerCall } from './ask-for-people';
import { incomplete } from '../http/incomplete';
import { mapPages } from '../http/map-pages';
import { readLinked } from '../http/read-linked';
import { readUntilProven } from '../http/read-until-proven';
import type { ReadProgress, Read } from '../http/reader';
import { WebexError, type PeopleRead, type Proof } from '../port/webex';
import { idKey, type IdForms } from '../wire/id-forms';
import { toUser } from '../wire/map-directory';
import { wirePeople, type WirePeople, type WirePerson } from '../wire/wire';

/** The page size to request. Webex reduces it silently, so the size that it returns is remembered. */
const askedPageSize = 1000;
/** With `callingData`, pages have at most this many users. */
const callingPageSize = 100;

const about = { operation: 'GET /people', list: 'people' } as const;

export interface PeopleReaderOptions {
  read: Read;
  ids: IdForms;
  completion: LicenseCompletion;
  /** UUID of the token's organization, to recognize external users. */
  ownOrgUuid: (progress: ReadProgress) => Promise<string | null>;
}

export interface PeopleWanted {
  personIds: readonly string[];
  /** Users in the organization: decides between asking by id and reading all pages. */
  population: number;
}

interface Page {
  items: WirePerson[];
  isLast: boolean;
}

/** Reads users in bulk, and remembers the page size that this Webex returns. */
export class PeopleReader {
  private pageSize = askedPageSize;

  constructor(private readonly options: PeopleReaderOptions) {}

  /** All users, page by page (`GET /people`). Throws `incomplete` (R87). */
  async *listPeople(progress: ReadProgress, callingData: boolean): AsyncGenerator<PeopleRead> {
    const toUsers = await this.userMapper(progress, callingData);
    const attempt = () => {
      const complete = this.options.completion.begin(null, progress);
      return mapPages(this.pages(progress, callingData), async ({ items, isLast }) => {
        const { people, contradicted } = await complete(items, isLast);
        if (contradicted.length > 0) throw contradiction(people.length, items.length);
        return { users: toUsers(people), notFound: [] };
      });
    };
    yield* readUntilProven(about, attempt, progress);
  }

  /** These users: from the pages of all users if that needs fewer calls, the others by id. */
  async *readPeople(
    { personIds, population }: PeopleWanted,
    progress: ReadProgress,
    callingData: boolean,
  ): AsyncGenerator<PeopleRead> {
    if (personIds.length === 0) return;
    const toUsers = await this.userMapper(progress, callingData);
    const missing = new Map(personIds.map((id) => [idKey(id), this.options.ids.person(id)]));
    const complete = this.options.completion.begin(missing.size, progress);
    const take = async (people: WirePerson[]) => {
      const users = toUsers((await complete(people, true)).people);
      for (const { personId } of users) missing.delete(idKey(personId));
      return users;
    };
    if (this.arePagesCheaper(population, missing.size, callingData)) {
      let shown = 0;
      for await (const items of this.pagesWhileUsable(progress, callingData)) {
        shown += items.length;
        const users = await take(items.filter(({ id }) => missing.has(idKey(id))));
        if (users.length > 0) yield { users, notFound: [] };
        // Compared again after each page: pages may turn out smaller than requested.
        const unseen = Math.max(1, population - shown);
        if (!this.arePagesCheaper(unseen, missing.size, callingData)) break;
      }
    }
    // By id: all of them, or those that no page showed, which doesn't prove that they are gone.
    for (const ids of chunks([...missing.values()], idsPerCall)) {
      const answered = await askForPeople(this.options.read, { ids, callingData }, progress);
      const users = await take(answered.people);
      const notFound = new Set(answered.notFound);
      const isUnanswered = (id: string) => missing.has(idKey(id)) && !notFound.has(id);
      yield { users, notFound: [...notFound], unanswered: ids.filter(isUnanswered) };
    }
  }

  private arePagesCheaper(users: number, ids: number, callingData: boolean): boolean {
    const usersPerPage = callingData ? callingPageSize : this.pageSize;
    return Math.ceil(users / usersPerPage) < Math.ceil(ids / idsPerCall);
  }

  private async userMapper(progress: ReadProgress, callingData: boolean) {
    const orgUuid = await this.options.ownOrgUuid(progress);
    const { ids } = this.options;
    return (people: WirePerson[]) => {
      const users = people.map((one) => toUser(one, { orgUuid, callingData, ids }));
      // A page may show somebody twice.
      return [...new Map(users.map((user) => [user.personId, user])).values()];
    };
  }

  /** Pages of everybody until they prove nothing more: who isn't shown is asked for by id. */
  private async *pagesWhileUsable(
    progress: ReadProgress,
    callingData: boolean,
  ): AsyncGenerator<WirePerson[]> {
    try {
      const pages = this.pages(progress, callingData, false);
      for await (const { items } of pages) yield items;
    } catch (error) {
      const isUnproven = error instanceof WebexError && error.kind === 'incomplete';
      if (!isUnproven) throw error;
    }
  }

  private pages(
    progress: ReadProgress,
    callingData: boolean,
    isProof = true,
  ): AsyncGenerator<Page, Omit<Proof, 'list'>> {
    const call = {
      ...about,
      path: '/people',
      query: callingData
        ? new URLSearchParams({ max: String(callingPageSize), callingData: 'true' })
        : new URLSearchParams({ max: String(askedPageSize) }),
      schema: wirePeople,
      canShrink: true,
      isProof,
      idsOf: ({ items }: WirePeople) => items.map(({ id }) => idKey(id)),
      ...(callingData ? {} : { knownPageSize: this.pageSize }),
    } as const;
    let largest = 0;
    return mapPages(readLinked(this.options.read, call, progress), ({ body, isLast }) => {
      largest = Math.max(largest, body.items.length);
      if (!isLast && largest > 0 && !callingData) this.pageSize = largest;
      progress.report(body.items.length);
      return { items: body.items, isLast };
    });
  }
}

/** The list shows people whom Webex doesn't find by id: one of the two is wrong. */
function contradiction(shown: number, promised: number): WebexError {
  const why = `${promised - shown} users of the list are not found by id`;
  return incomplete({ ...about, why, shown, promised });
}

function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
