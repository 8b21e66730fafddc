import { pointerOf } from '../zod-faults';
import type { Fault } from '../problem';

/** U+0000 and halves of surrogate pairs: JSON has them, PostgreSQL's text doesn't. */
const unstorable = /\0|\p{Surrogate}/u;

export function isUnstorableText(text: string): boolean {
  return unstorable.test(text);
}

/** A fault for every text that the database can't store. Expects validated values. */
export function unstorableFaults(value: unknown, where: 'body' | 'query'): Fault[] {
  return textsOf(value, []).flatMap(({ path, text }) =>
    isUnstorableText(text)
      ? [
          {
            ...(where === 'body'
              ? { pointer: pointerOf(path) }
              : { parameter: String(path[0] ?? '') }),
            code: 'invalid-value',
            detail: 'U+0000 and unpaired surrogates are not allowed.',
          },
        ]
      : [],
  );
}

function textsOf(value: unknown, path: PropertyKey[]): { path: PropertyKey[]; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, [...path, key]));
}
