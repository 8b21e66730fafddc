import { statSync } from 'node:fs';
import { ErrorForPeople } from '../error-for-people';

/** A whole number from the command line; undefined if it wasn't given. Throws `ErrorForPeople`. */
export function readCount(
  flag: string,
  value: string | undefined,
  { least, most }: { least: number; most: number },
): number | undefined {
  if (value === undefined) return undefined;
  const count = Number(value);
  if (/^\d+$/.test(value) && count >= least && count <= most) return count;
  throw new ErrorForPeople(`${flag} must be a whole number from ${least} to ${most}.`);
}

/** A folder from the command line; undefined if it wasn't given. Throws `ErrorForPeople`. */
export function readFolder(flag: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (statSync(value, { throwIfNoEntry: false })?.isDirectory() === true) return value;
  throw new ErrorForPeople(`${flag} must be a folder, but ${value} isn't one.`);
}
