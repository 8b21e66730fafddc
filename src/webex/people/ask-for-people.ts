import { pause } from '../http/pause';
import { nextPageQuery } from '../http/link-header';
import type { ReadProgress, Read } from '../http/reader';
import { WebexError } from '../port/webex';
import { idKey } from '../wire/id-forms';
import { wirePeople, wirePerson, type WirePerson } from '../wire/wire';

/** The largest number of ids that `GET /people?id=` accepts. */
export const idsPerCall = 85;
/** Ids without an answer are asked for so often together, and then each alone. */
const rounds = 2;
/** So few people are asked for one by one before nobody of them counts as found. */
const fewIds = 5;
/** An answer to 85 ids has few pages; more of them are no answer. */
const mostPages = 10;

const operation = 'GET /people';

export interface AnsweredIds {
  people: WirePerson[];
  /** Webex said that they don't exist. */
  notFound: string[];
  /** Neither shown nor named, in any way of asking. */
  unanswered: string[];
}

/**
 * Asks for at most 85 people by id. An id that is neither shown nor named in `notFoundIds` proves
 * nothing (R87): it is asked for again, and in the end alone, where a 404 is an answer. An answer that
 * finds nobody at all may be wrong as a whole. Of many people its figures tell (R88); few are asked for
 * alone as well.
 */
export async function askForPeople(
  read: Read,
  { ids, callingData }: { ids: readonly string[]; callingData: boolean },
  progress: ReadProgress,
): Promise<AnsweredIds> {
  const asking = new Asking(ids);
  for (let round = 1; round <= rounds && asking.open.length > 0; round += 1) {
    if (round > 1) await pause(progress.listPauseMs, { operation, signal: progress.signal });
    const asked = { ids: asking.open, callingData };
    await askTogether(read, { asking, asked }, progress);
  }
  if (asking.people.length === 0 && ids.length <= fewIds) asking.reopen();
  for (const id of asking.open) {
    const person = await askForOne(read, { id, callingData }, progress);
    progress.report(person ? 1 : 0);
    if (person) asking.show(person);
    if (person === null) asking.refuse(id);
  }
  const { people, notFound, open } = asking;
  return { people, notFound, unanswered: open };
}

/** One id that Webex can't read must not keep the others without an answer: then all stay open. */
async function askTogether(
  read: Read,
  { asking, asked }: { asking: Asking; asked: { ids: readonly string[]; callingData: boolean } },
  progress: ReadProgress,
): Promise<void> {
  try {
    for await (const { items, notFoundIds } of pagesOf(read, asked, progress)) {
      progress.report(items.length);
      for (const person of items) asking.show(person);
      for (const id of notFoundIds ?? []) asking.refuse(id);
    }
  } catch (error) {
    if (!isAboutTheQuestion(error)) throw error;
  }
}

function isAboutTheQuestion(error: unknown): boolean {
  return error instanceof WebexError && (error.kind === 'rejected' || error.kind === 'not-found');
}

/** Ids that were asked for, until each has an answer. */
class Asking {
  readonly people: WirePerson[] = [];
  notFound: string[] = [];
  private readonly unanswered: Map<string, string>;

  constructor(ids: readonly string[]) {
    this.unanswered = new Map(ids.map((id) => [idKey(id), id]));
  }

  get open(): string[] {
    return [...this.unanswered.values()];
  }

  show(person: WirePerson): void {
    if (this.unanswered.delete(idKey(person.id))) this.people.push(person);
  }

  /** Who was named as not found has to be asked for once more. */
  reopen(): void {
    for (const id of this.notFound) this.unanswered.set(idKey(id), id);
    this.notFound = [];
  }

  refuse(id: string): void {
    const asked = this.unanswered.get(idKey(id));
    if (asked === undefined) return;
    this.unanswered.delete(idKey(id));
    this.notFound.push(asked);
  }
}

/** Normally one page. If this Webex returns smaller ones, all are read: nobody may seem gone. */
async function* pagesOf(
  read: Read,
  { ids, callingData }: { ids: readonly string[]; callingData: boolean },
  progress: ReadProgress,
) {
  let query: URLSearchParams | null = new URLSearchParams({
    id: ids.join(','),
    max: String(idsPerCall),
  });
  if (callingData) query.set('callingData', 'true');
  for (let pages = 1; query && pages <= mostPages; pages += 1) {
    const call = { operation, path: '/people', query, schema: wirePeople };
    const answer: Awaited<ReturnType<typeof read<typeof wirePeople>>> = await read(call, progress);
    yield answer.body;
    query = nextPageQuery(answer.headers.get('link'));
  }
}

/** Null: not found. Undefined: Webex doesn't answer this question about this person. */
async function askForOne(
  read: Read,
  { id, callingData }: { id: string; callingData: boolean },
  progress: ReadProgress,
): Promise<WirePerson | null | undefined> {
  const call = {
    operation: 'GET /people/{personId}',
    path: `/people/${encodeURIComponent(id)}`,
    ...(callingData ? { query: new URLSearchParams({ callingData: 'true' }) } : {}),
    schema: wirePerson,
    missing: 'not-found' as const,
  };
  try {
    const { body } = await read(call, progress);
    return idKey(body.id) === idKey(id) ? body : undefined;
  } catch (error) {
    if (!(error instanceof WebexError)) throw error;
    if (error.kind === 'not-found') return null;
    if (error.kind === 'contract' || error.kind === 'rejected') return undefined;
    throw error;
  }
}
