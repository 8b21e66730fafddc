import path from 'node:path';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { readMigrationFiles, type MigrationMeta } from 'drizzle-orm/migrator';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { ErrorForPeople } from '../error-for-people';
import type { Db, Queryable } from './connect';

const ownMigrations = path.join(__dirname, 'migrations');
const migrationLock = 7_311_842;

/**
 * Brings the schema up to date. Several processes may do it at once: an advisory lock admits one at a
 * time. Throws an `ErrorForPeople` for a database that this version can't upgrade.
 */
export async function migrateDatabase(db: Db, migrationsFolder = ownMigrations): Promise<void> {
  const connection = await db.$client.connect();
  const session = drizzle(connection);
  try {
    await session.execute(sql`SELECT pg_advisory_lock(${migrationLock})`);
    await expectPrefix(session, readMigrationFiles({ migrationsFolder }));
    await migrate(session, { migrationsFolder });
  } finally {
    await session.execute(sql`SELECT pg_advisory_unlock(${migrationLock})`);
    connection.release();
  }
}

type Session = Pick<Queryable, 'execute'>;

interface Applied extends Record<string, unknown> {
  hash: string;
  createdAt: number;
}

/** What was applied has to be the beginning of what this version would apply. */
async function expectPrefix(session: Session, own: readonly MigrationMeta[]): Promise<void> {
  const applied = await readApplied(session);
  if (applied.length === 0) {
    if (await hasTables(session)) throw cannotUpgrade('has tables but no record of migrations');
    return;
  }
  const isOwn = ({ hash, createdAt }: Applied, at: number) =>
    own[at] === undefined || (own[at].hash === hash && own[at].folderMillis === createdAt);
  if (!applied.every(isOwn)) throw cannotUpgrade('was made by a version of Seatwise before 0.1.0');
  if (applied.length > own.length) {
    throw new ErrorForPeople(
      'The database was upgraded by a newer version of Seatwise: run that version, or restore a backup from before the upgrade.',
    );
  }
}

function cannotUpgrade(what: string): ErrorForPeople {
  return new ErrorForPeople(
    `The database ${what}, and databases from before 0.1.0 can't be upgraded: create an empty ` +
      'database and set DATABASE_URL to it (with npm start: delete the folder DATA_DIR, by default ' +
      '.data), then save settings and templates again.',
  );
}

async function readApplied(session: Session): Promise<Applied[]> {
  const { rows: known } = await session.execute<{ exists: boolean }>(
    sql`SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS exists`,
  );
  if (known[0]?.exists !== true) return [];
  const { rows } = await session.execute<Applied>(sql`
    SELECT hash, created_at::float8 AS "createdAt" FROM drizzle.__drizzle_migrations
    ORDER BY created_at, id`);
  return rows;
}

async function hasTables(session: Session): Promise<boolean> {
  // A table of ours: extensions may have put tables of their own into an empty database.
  const { rows } = await session.execute<{ exists: boolean }>(
    sql`SELECT to_regclass('public.rollout') IS NOT NULL AS exists`,
  );
  return rows[0]?.exists === true;
}
