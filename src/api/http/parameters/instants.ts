import { z } from 'zod';

/** PostgreSQL has no year 0, and `toISOString` another form for years after 9999. */
function isInYears(text: string): boolean {
  const year = new Date(text).getUTCFullYear();
  // What isn't a time at all is another fault.
  return Number.isNaN(year) || (year >= 1 && year <= 9999);
}

/** A time with `Z` or an offset, as callers send it. */
export const instantParameter = z.iso
  .datetime({ offset: true, error: 'This must be a time, for example 2026-01-31T09:00:00+01:00.' })
  .refine(isInYears, 'The year must be from 1 to 9999, in UTC.');
