import { mkdirSync } from 'node:fs';
import path from 'node:path';

/** What was downloaded or built once, beside the sources; deleting it is always safe. */
export function cacheFolder(...inside: string[]): string {
  const folder = path.resolve(__dirname, '..', '..', '.cache', ...inside);
  mkdirSync(folder, { recursive: true });
  return folder;
}
