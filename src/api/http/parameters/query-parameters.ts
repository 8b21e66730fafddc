import { z } from 'zod';

/** A comma-separated list of known words: `?phase=planned,piloting`. */
export function listParameter<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z
    .string()
    .max(2_000)
    .transform((text) => text.split(',').map((word) => word.trim()))
    .pipe(z.array(z.enum(words)).min(1))
    .meta({ description: `Comma-separated: ${words.join(', ')}` });
}

export const flagParameter = z.enum(['true', 'false']).transform((text) => text === 'true');

/** Text to search for in names and addresses. */
export const searchParameter = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .meta({ description: 'Part of a name or address' });
