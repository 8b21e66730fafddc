import type { z } from 'zod';
import { incomplete, onlySome } from './incomplete';
import { nextPageQuery } from './link-header';
import type { Read, ReadCall, ReadProgress } from './reader';
import type { ListName, Proof } from '../port/webex';

export interface IndexedCall<Schema extends z.ZodType> extends ReadCall<Schema> {
  list: ListName;
  /** The query of the page that begins at this entry, counted from 1. */
  pageAt: (startIndex: number) => URLSearchParams;
  /** The ids of the page's entries; null: the page has no list. */
  idsOf: (body: z.output<Schema>) => readonly string[] | null;
  /** How many entries Webex promises; null: it says nothing. */
  totalOf: (body: z.output<Schema>) => number | null;
  /** How many entries another answer promises: where it agrees with the total, the total may be believed. */
  knownTotal?: number | null;
  /** The last attempt: a list that changed while it was read is accepted if it is whole by its total. */
  isLastAttempt: boolean;
}

/** Pages overlap by so many entries: where one is removed, all later ones move up. */
const mostOverlap = 10;
/** Page sizes that Webex silently cuts to are multiples of this. */
export const sizeStep = 50;

/**
 * One attempt at a list that is paged by index (R87). It is read until as many different ids were shown
 * as Webex promises or, without a promise, until a page is empty twice. Pages overlap: an entry that is
 * removed meanwhile moves others across the edge of a page, where neither page would show them. The total
 * may be too small, such as the size of a page: one more page is read before it is believed, and a total
 * that is exceeded promises nothing. Throws `incomplete`.
 */
export async function* readIndexed<Schema extends z.ZodType>(
  read: Read,
  call: IndexedCall<Schema>,
  progress: ReadProgress,
): AsyncGenerator<z.output<Schema>, Omit<Proof, 'list'>> {
  const walk = new Walk(call);
  for (let query: URLSearchParams | null = call.pageAt(1); query !== null;) {
    const answer: Awaited<ReturnType<typeof read<Schema>>> = await read(
      { ...call, query },
      progress,
    );
    const link = nextPageQuery(answer.headers.get('link'));
    const next = walk.take(answer.body, answer.trackingId, link);
    yield answer.body;
    query = next;
  }
  return walk.proof(progress.acceptShown);
}

/** What one attempt has seen so far. */
class Walk<Schema extends z.ZodType> {
  private readonly ids = new Set<string>();
  private readonly cursors = new Set<string>();
  /** The query of the page that a link led to last; null: pages are asked for by index. */
  private followedLink: URLSearchParams | null = null;
  private largestPage = 0;
  private trackingId: string | null = null;
  private total: number | null = null;
  private hasMoved = false;
  /** The page shows only what is known if the total is right. */
  private isPastTotal = false;
  /** Without a total an empty page is the end, or a last one that looks full, if it comes twice. */
  private isEndConfirmed = false;
  /** The first entry that no page has shown yet, and how many known ones the next page repeats. */
  private position = 1;
  private overlap = 0;

  constructor(private readonly call: IndexedCall<Schema>) {}

  /** Takes a page; returns the query of the next one, or null at the end. */
  take(
    body: z.output<Schema>,
    trackingId: string,
    link: URLSearchParams | null,
  ): URLSearchParams | null {
    this.trackingId = trackingId;
    this.takeTotal(this.call.totalOf(body));
    const ids = this.call.idsOf(body) ?? (this.total === 0 ? [] : null);
    if (ids === null) throw this.unproven('a page has no list');
    const isFull = this.looksFull(ids.length);
    const hasNews = this.takeIds(ids);
    // Links with a cursor are followed; an index in a link would only be our own.
    if (link !== null && !isIndex(link)) return this.followed(link, hasNews);
    if (this.followedLink !== null) return this.atLastLink(this.followedLink, isFull);
    if (ids.length === 0) return this.atEmptyPage();
    return this.nextPage({ size: ids.length, hasNews, mayGoOn: isFull || link !== null });
  }

  /** What the total is worth: more entries than it says have been shown, or it promises them. */
  private get promised(): number | null {
    return this.total !== null && this.ids.size > this.total ? null : this.total;
  }

  private looksFull(size: number): boolean {
    const isFull = size % sizeStep === 0 || size === this.largestPage;
    this.largestPage = Math.max(this.largestPage, size);
    return isFull;
  }

  /** A last page that looks full, or is empty, may have lost its link. */
  private atLastLink(query: URLSearchParams, isFull: boolean): URLSearchParams | null {
    if (this.promised !== null || this.isEndConfirmed || !isFull) return null;
    this.isEndConfirmed = true;
    return query;
  }

  private atEmptyPage(): URLSearchParams | null {
    if (this.promised !== null || this.isEndConfirmed) return null;
    this.isEndConfirmed = true;
    this.overlap = 0;
    return this.call.pageAt(this.position);
  }

  private nextPage(page: {
    size: number;
    hasNews: boolean;
    mayGoOn: boolean;
  }): URLSearchParams | null {
    const { size, hasNews, mayGoOn } = page;
    const { promised } = this;
    this.isEndConfirmed = false;
    this.position += size - this.overlap;
    const isReached = promised !== null && this.position > promised;
    const isDoubtful = mayGoOn || this.call.knownTotal !== promised;
    if (isReached && !(hasNews && isDoubtful)) return null;
    // Only the repeated entries: what follows them has to be empty.
    this.overlap = hasNews ? Math.min(mostOverlap, Math.floor(size / 2)) : 0;
    // Past the total, at least one known entry is asked for: there may be no answer beyond the end.
    if (isReached) this.overlap = Math.max(1, this.overlap);
    this.isPastTotal = isReached && !mayGoOn;
    return this.call.pageAt(this.position - this.overlap);
  }

  private takeIds(ids: readonly string[]): boolean {
    this.checkOverlap(ids.slice(0, this.overlap));
    const before = this.ids.size;
    for (const id of ids) this.ids.add(id);
    const hasNews = this.ids.size > before;
    if (hasNews || ids.length <= this.overlap) return hasNews;
    if (this.isRereading || this.isPastTotal) return false;
    throw this.unproven('a page shows only what was shown before');
  }

  proof(acceptShown: number | null): Omit<Proof, 'list'> {
    const shown = this.ids.size;
    const { promised } = this;
    if (promised !== null && shown < promised) {
      if (isAccepted(shown, acceptShown)) return { proof: 'accepted', promised, shown };
      throw this.unproven(onlySome(shown, promised));
    }
    if (this.hasMoved && !this.call.isLastAttempt) {
      throw this.unproven('the list changed while it was read');
    }
    return { proof: promised === null ? 'end' : 'total', promised, shown };
  }

  private takeTotal(total: number | null): void {
    if (total === null) return;
    if (this.total !== null && total !== this.total) this.hasMoved = true;
    this.total = total;
  }

  /** Entries that should have been shown before: one that wasn't shows that others moved. */
  private checkOverlap(repeated: readonly string[]): void {
    const known = repeated.filter((id) => this.ids.has(id)).length;
    if (known < repeated.length) this.hasMoved = true;
    if (known === 0 && repeated.length > 0)
      throw this.unproven('the pages do not meet: entries moved between them');
  }

  private followed(link: URLSearchParams, hasNews: boolean): URLSearchParams {
    const cursor = link.toString();
    if (this.cursors.has(cursor)) throw this.unproven('Link: the pages go round');
    if (!hasNews && !this.isRereading) {
      throw this.unproven('a page is empty, and more are announced');
    }
    this.cursors.add(cursor);
    this.followedLink = link;
    this.isEndConfirmed = false;
    this.overlap = 0;
    return link;
  }

  /** The last page is asked for again by its link. */
  private get isRereading(): boolean {
    return this.followedLink !== null && this.isEndConfirmed;
  }

  private unproven(why: string) {
    const { operation, list } = this.call;
    const { total: promised, trackingId } = this;
    return incomplete({ operation, list, why, shown: this.ids.size, promised, trackingId });
  }
}

/** Whether an administrator has accepted that a list shows so few. */
export function isAccepted(shown: number, acceptShown: number | null): boolean {
  return acceptShown !== null && shown >= acceptShown;
}

function isIndex(link: URLSearchParams): boolean {
  return link.has('startIndex') || link.has('start');
}
