import { mkdirSync } from 'node:fs';
import path from 'node:path';

/** A folder for downloaded and generated files, next to the sources. Deleting it is always safe. */
export function cacheFolder(...inside: string[]): string {
  const folder = path.resolve(__dirname, '..', '..', '.cache', ...inside);
  mkdirSync(folder, { recursive: true });
  return folder;
}
