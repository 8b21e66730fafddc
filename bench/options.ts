import { parseArgs } from 'node:util';
import { ErrorForPeople } from '../src/error-for-people';

/** What the command line asks of the bench. */
export interface BenchOptions {
  isHelp: boolean;
  /** Smaller numbers and shorter windows. */
  isQuick: boolean;
  /** The figures of a million users instead of the others. */
  isScale: boolean;
  /** Letters in the order of the command line; null: all. */
  only: string[] | null;
}

/** Reads the arguments. Throws an error for people at a flag that doesn't exist. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      scale: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const letters = values.only?.split(',').map((letter) => letter.trim());
  return {
    isHelp: values.help,
    isQuick: values.quick,
    isScale: values.scale,
    only: letters?.filter((letter) => letter !== '') ?? null,
  };
}

/** Those that `--only` names, in the order of the table. Throws `ErrorForPeople`. */
export function chosen<T extends { letter: string }>(
  all: readonly T[],
  only: readonly string[] | null,
): T[] {
  if (only === null) return [...all];
  const unknown = only.find((letter) => !all.some((known) => known.letter === letter));
  if (unknown !== undefined || only.length === 0) {
    const known = all.map(({ letter }) => letter).join(', ');
    const but = unknown === undefined ? '' : `, but not "${unknown}"`;
    throw new ErrorForPeople(`--only accepts the letters ${known}${but}.`);
  }
  return all.filter(({ letter }) => only.includes(letter));
}
