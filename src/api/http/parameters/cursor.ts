import { z } from 'zod';
import { instantParameter } from './instants';
import { Problem } from '../problem';
import { isUnstorableText } from '../body/unstorable-text';

/** Where a page ended, opaque to callers. */
export function writeCursor(position: Record<string, string | number>): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

export function readCursor<T>(schema: z.ZodType<T>, given: string | undefined): T | null {
  if (given === undefined) return null;
  const parsed = schema.safeParse(parse(given));
  if (parsed.success) return parsed.data;
  throw new Problem('invalid-parameter', 'The cursor is malformed.', {
    errors: [
      {
        parameter: 'cursor',
        code: 'invalid-value',
        detail: 'Send `next` of a page of this list unchanged.',
      },
    ],
  });
}

/** One row more than a page has is read: if it exists, there is a next page. */
export function pageOf<Row>(
  rows: Row[],
  limit: number,
  positionOf: (row: Row) => Record<string, string | number>,
): { rows: Row[]; next: string | null } {
  const last = rows[limit - 1];
  if (rows.length <= limit || last === undefined) return { rows, next: null };
  return { rows: rows.slice(0, limit), next: writeCursor(positionOf(last)) };
}

/** What cursors consist of: only what the database can compare. */
export const positions = {
  /** Of a list that shows the newest first. */
  instant: instantParameter,
  /** Of a list ordered by an id of Webex. */
  id: z
    .string()
    .min(1)
    .max(1_000)
    .refine((id) => !isUnstorableText(id)),
  /** An `integer` of PostgreSQL. */
  seq: z.int32().min(0),
  /** A `bigserial`. */
  serial: z.int().min(0),
};

export const cursorById = z.strictObject({ id: positions.id });

function parse(given: string): unknown {
  try {
    return JSON.parse(Buffer.from(given, 'base64url').toString()) as unknown;
  } catch {
    return undefined;
  }
}
