import { statSync } from 'node:fs';
import { UsageError } from './run-entry';

/** A whole number from the command line, undefined where it wasn't given. Throws `UsageError`. */
export function readCount(
  flag: string,
  value: string | undefined,
  { least, most }: { least: number; most: number },
): number | undefined {
  if (value === undefined) return undefined;
  const count = Number(value);
  if (/^\d+$/.test(value) && count >= least && count <= most) return count;
  throw new UsageError(`${flag} must be a whole number from ${String(least)} to ${String(most)}.`);
}

/** A folder from the command line, undefined where it wasn't given. Throws `UsageError`. */
export function readFolder(flag: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (statSync(value, { throwIfNoEntry: false })?.isDirectory() === true) return value;
  throw new UsageError(`${flag} must be a folder, and ${value} isn't one.`);
}
