import type { z } from 'zod';
import { nextPageQuery } from './link-header';
import type { ReadProgress, Read } from './reader';
import { WebexError } from '../port/webex';

export interface PagedCall<Schema extends z.ZodType> {
  operation: string;
  path: string;
  query: URLSearchParams;
  schema: Schema;
  missing?: 'not-found' | 'rejected';
  canShrink?: boolean;
}

export interface Page<T> {
  body: T;
  isLast: boolean;
}

/** Reads pages that are linked by `Link: <…>; rel="next"`. Throws `contract` if a page links to itself. */
export async function* readPages<Schema extends z.ZodType>(
  read: Read,
  call: PagedCall<Schema>,
  progress: ReadProgress,
): AsyncGenerator<Page<z.output<Schema>>> {
  let query: URLSearchParams | null = call.query;
  while (query) {
    const answer: Awaited<ReturnType<typeof read<Schema>>> = await read(
      { ...call, query },
      progress,
    );
    const next = nextPageQuery(answer.headers.get('link'));
    if (next?.toString() === query.toString()) {
      const { operation } = call;
      const { status, trackingId } = answer;
      const message = `${operation}: Link: the next page is this page (${trackingId})`;
      throw new WebexError('contract', message, { operation, status, trackingId });
    }
    yield { body: answer.body, isLast: next === null };
    query = next;
  }
}
