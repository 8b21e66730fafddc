import type { Request } from 'express';
import { z } from 'zod';
import { Problem } from './problem';

/** Throws a 412 unless this is the version that the caller has seen. Null: there is nothing now. */
export type RequireMatch = (tag: string | null) => void;

export const ifMatchHeader = z
  .string()
  .max(1_000)
  .regex(/^\s*(\*|(W\/)?"[^"]*"(\s*,\s*(W\/)?"[^"]*")*)\s*$/)
  .meta({
    description: '`ETag` of the last read: if it is not the present one, nothing is changed',
  });

/** An entity tag of these parts, which change whenever what it stands for does. */
export function entityTag(parts: readonly (string | number | null)[]): string {
  return `"${parts.map((part) => part ?? '-').join('.')}"`;
}

/**
 * What `If-Match` asks for; without the header everything matches. Tags that a proxy has made weak
 * count as well: ours are the same only if everything is.
 */
export function requireMatchOf(request: Request): RequireMatch {
  const header = request.get('If-Match');
  if (header === undefined) return () => undefined;
  if (!ifMatchHeader.safeParse(header).success) {
    const detail = 'Send the `ETag` of a read unchanged, with its quotes, or *.';
    throw new Problem('invalid-parameter', 'If-Match is malformed.', {
      errors: [{ parameter: 'If-Match', code: 'invalid-format', detail }],
    });
  }
  const tags: readonly string[] = header.match(/"[^"]*"/g) ?? [];
  return (tag) => {
    if (tag !== null && (header.trim() === '*' || tags.includes(tag))) return;
    throw new Problem(
      'precondition-failed',
      tag === null
        ? 'What If-Match names no longer exists: read it again. Nothing was changed.'
        : 'Somebody has changed this since you read it: read it again. Nothing was changed.',
      { ...(tag === null ? {} : { headers: { ETag: tag } }), members: { etag: tag } },
    );
  };
}
