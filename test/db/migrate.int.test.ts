import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrateDatabase } from '../../src/db/migrate';
import { ErrorForPeople } from '../../src/error-for-people';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { valueOf } from '../support/seed';

const own = path.join(__dirname, '../../src/db/migrations');
let folder: string;
let database: TestDatabase;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'seatwise-migrations-'));
  cpSync(own, folder, { recursive: true });
  database = await createTestDatabase({ isBlank: true, maxConnections: 3 });
});
afterEach(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

interface Journal {
  entries: { idx: number; version: string; when: number; tag: string; breakpoints: boolean }[];
}

/** As a version would have it that has one migration more. */
function addMigration(statement: string): void {
  const file = path.join(folder, 'meta/_journal.json');
  const journal = JSON.parse(readFileSync(file, 'utf8')) as Journal;
  const last = journal.entries.at(-1)!;
  const tag = `${String(last.idx + 1).padStart(4, '0')}_next`;
  journal.entries.push({ ...last, idx: last.idx + 1, when: last.when + 1, tag });
  writeFileSync(file, JSON.stringify(journal));
  writeFileSync(path.join(folder, `${tag}.sql`), statement);
}

const applied = () =>
  valueOf<number>(database.db, 'SELECT count(*)::int FROM drizzle.__drizzle_migrations', []);

const refusal = async (): Promise<string> => {
  const error: unknown = await migrateDatabase(database.db).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ErrorForPeople);
  const { message } = error as Error;
  expect(message).not.toContain('\n');
  return message;
};

describe('migrateDatabase', () => {
  it('makes the tables of an empty database, and does nothing the second time', async () => {
    await migrateDatabase(database.db);
    const once = await applied();
    await migrateDatabase(database.db);
    expect(await applied()).toBe(once);
    expect(await valueOf(database.db, 'SELECT count(*)::int FROM rollout', [])).toBe(0);
  });

  it('lets one of several processes at a time migrate', async () => {
    await Promise.all([1, 2, 3].map(() => migrateDatabase(database.db)));
    expect(await valueOf(database.db, 'SELECT count(*)::int FROM rollout', [])).toBe(0);
  });

  it('continues if a database has only the first migrations', async () => {
    await migrateDatabase(database.db);
    addMigration('CREATE TABLE next_thing (id int)');
    await migrateDatabase(database.db, folder);
    expect(await valueOf(database.db, 'SELECT count(*)::int FROM next_thing', [])).toBe(0);
  });

  it('refuses a database that a newer version has upgraded', async () => {
    addMigration('CREATE TABLE next_thing (id int)');
    await migrateDatabase(database.db, folder);
    expect(await refusal()).toMatch(/newer version of Seatwise/);
  });

  it('refuses a database from before 0.1.0, and explains how to get a new one', async () => {
    await migrateDatabase(database.db);
    await database.db.$client.query(
      `UPDATE drizzle.__drizzle_migrations SET hash = 'another', created_at = created_at - 1`,
    );
    expect(await refusal()).toMatch(
      /before 0\.1\.0 can't be upgraded: create an empty database.*DATABASE_URL/,
    );
  });

  it('refuses tables without a record of migrations, such as a half restored backup', async () => {
    await migrateDatabase(database.db);
    await database.db.$client.query('TRUNCATE drizzle.__drizzle_migrations');
    expect(await refusal()).toMatch(
      /no record of migrations.*can't be upgraded: create an empty database/,
    );
    await database.db.$client.query('DROP SCHEMA drizzle CASCADE');
    expect(await refusal()).toMatch(
      /no record of migrations.*can't be upgraded: create an empty database/,
    );
  });

  it('takes a database without tables of ours, whatever an extension has put there', async () => {
    await database.db.$client.query('CREATE VIEW of_an_extension AS SELECT 1 AS one');
    await migrateDatabase(database.db);
    expect(await applied()).toBeGreaterThan(0);
  });

  it('leaves nothing of a migration that fails, so that it can be repeated', async () => {
    addMigration('CREATE TABLE next_thing (id int); SELECT 1 / 0');
    await expect(migrateDatabase(database.db, folder)).rejects.toThrow();
    await migrateDatabase(database.db);
    expect(await valueOf(database.db, `SELECT to_regclass('next_thing')`, [])).toBeNull();
  });
});
