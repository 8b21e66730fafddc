import type { z } from 'zod';
import { incomplete } from './incomplete';
import { nextPageQuery } from './link-header';
import { sizeStep } from './read-indexed';
import type { Read, ReadCall, ReadProgress } from './reader';
import type { ListName, Proof } from '../port/webex';

export interface LinkedCall<Schema extends z.ZodType> extends ReadCall<Schema> {
  query: URLSearchParams;
  list: ListName;
  /** The ids of the page's entries; null: the page has no list. */
  idsOf: (body: z.output<Schema>) => readonly string[] | null;
  /** False: nobody concludes anything from who isn't shown, so the last page isn't read again. */
  isProof?: boolean;
  /** The size of full pages, as earlier reads have shown it. */
  knownPageSize?: number;
}

export interface LinkedPage<T> {
  body: T;
  isLast: boolean;
}

/** So many empty pages in a row are no list. */
const mostEmptyPages = 3;

/**
 * One attempt at a list that is paged by `Link: <…>; rel="next"` only and promises no total (R87). Every
 * page has to show somebody new, and no query may come twice. A last page that is full or empty, where
 * the link may have got lost, and an empty page before it are read again, and what is new in them is
 * shown. Throws `incomplete`.
 */
export async function* readLinked<Schema extends z.ZodType>(
  read: Read,
  call: LinkedCall<Schema>,
  progress: ReadProgress,
): AsyncGenerator<LinkedPage<z.output<Schema>>, Omit<Proof, 'list'>> {
  const walk = new Walk(call);
  const { isProof = true } = call;
  for (let query = call.query; ;) {
    const page = await walk.read(read, query, progress);
    let last = page;
    if (isProof && walk.isDoubtful(page)) {
      last = await walk.read(read, query, progress);
      if (last.fresh > 0) yield { body: page.body, isLast: false };
    }
    const next = last.next ?? page.next;
    if (last === page || next !== null) walk.refuseRepetition(page, page.fresh + last.fresh);
    yield { body: last.fresh > 0 ? last.body : page.body, isLast: next === null };
    if (next === null) {
      const proof = last === page ? 'end' : 'reread';
      return { proof, promised: null, shown: walk.shown };
    }
    walk.refuseKnownQuery(next);
    query = next;
  }
}

interface WalkedPage<T> {
  body: T;
  size: number;
  fresh: number;
  next: URLSearchParams | null;
}

/** What one attempt has seen so far. */
class Walk<Schema extends z.ZodType> {
  private readonly ids = new Set<string>();
  private readonly queries = new Set<string>();
  private largest: number;
  private emptyPages = 0;
  private trackingId: string | null = null;

  constructor(private readonly call: LinkedCall<Schema>) {
    this.largest = call.knownPageSize ?? 0;
  }

  get shown(): number {
    return this.ids.size;
  }

  async read(
    read: Read,
    query: URLSearchParams,
    progress: ReadProgress,
  ): Promise<WalkedPage<z.output<Schema>>> {
    this.queries.add(query.toString());
    const answer = await read({ ...this.call, query }, progress);
    this.trackingId = answer.trackingId;
    const ids = this.call.idsOf(answer.body);
    if (ids === null) throw this.unproven('a page has no list');
    const before = this.ids.size;
    for (const id of ids) this.ids.add(id);
    const next = nextPageQuery(answer.headers.get('link'));
    return { body: answer.body, size: ids.length, fresh: this.ids.size - before, next };
  }

  /** A last page may have lost its link, and an empty one its entries. */
  isDoubtful({ size, next }: WalkedPage<unknown>): boolean {
    return next === null ? this.looksFull(size) : size === 0;
  }

  /** At the size asked for, or a smaller one. */
  private looksFull(size: number): boolean {
    const asked = Number(this.call.query.get('max') ?? this.call.query.get('limit'));
    const isFull = size === asked || size % sizeStep === 0 || size === this.largest;
    this.largest = Math.max(this.largest, size);
    return isFull;
  }

  refuseRepetition({ size, next }: WalkedPage<unknown>, fresh: number): void {
    this.largest = Math.max(this.largest, size);
    if (size > 0 && fresh === 0) throw this.unproven('a page shows only what was shown before');
    this.emptyPages = size === 0 && fresh === 0 ? this.emptyPages + 1 : 0;
    if (next !== null && this.emptyPages >= mostEmptyPages) {
      throw this.unproven(`${mostEmptyPages} pages in a row are empty, and more are announced`);
    }
  }

  refuseKnownQuery(next: URLSearchParams): void {
    if (this.queries.has(next.toString())) throw this.unproven('Link: the pages go round');
  }

  private unproven(why: string) {
    const { operation, list } = this.call;
    const { shown, trackingId } = this;
    return incomplete({ operation, list, why, shown, promised: null, trackingId });
  }
}
