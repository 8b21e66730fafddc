import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { openDatabase, type Db } from '../../src/db/connect';
import { differentCounters } from './different-counters';
import { told } from './environment';
import { makeMirrorWritable } from './writable-mirror';

export interface TestDatabase {
  db: Db;
  url: string;
  /** Closes `db` and drops the database. */
  drop(): Promise<void>;
}

async function withAdmin(statement: string): Promise<void> {
  const url = new URL(told('databaseUrl'));
  url.pathname = '/postgres';
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/**
 * A migrated database without rows, for one suite: `beforeAll` makes it, `afterAll` drops it. With
 * `isBlank` it has no tables either; with `writableMirror` the suite may write `directory_user` and
 * `directory_member`.
 */
export async function createTestDatabase(
  options: { maxConnections?: number; isBlank?: boolean; writableMirror?: boolean } = {},
): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const migrated = new URL(told('databaseUrl')).pathname.slice(1);
  const template = options.isBlank ? 'template0' : migrated;
  await withAdmin(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(told('databaseUrl'));
  url.pathname = `/${name}`;
  const db = openDatabase(url.href, { maxConnections: options.maxConnections ?? 10 });
  if (options.writableMirror) await makeMirrorWritable(db);
  return {
    db,
    url: url.href,
    drop: async () => {
      const different = options.isBlank ? [] : await differentCounters(db);
      await db.$client.end();
      await withAdmin(`DROP DATABASE ${name} WITH (FORCE)`);
      // Whatever a suite has told: the counters of its rollouts are what their rows say.
      if (different.length > 0) throw new Error(`counters differ: ${JSON.stringify(different)}`);
    },
  };
}
