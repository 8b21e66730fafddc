import path from 'node:path';
import { sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Pool } from 'pg';
import * as schema from './schema';

export type Db = NodePgDatabase<typeof schema> & { $client: Pool };
/** A `Db` or a transaction of one: what queries take. */
export type Queryable = Pick<
  NodePgDatabase<typeof schema>,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'execute' | 'query' | 'transaction'
>;

/** Opens a pool; connections are made when first needed. Lost idle connections are reported, not fatal. */
export function openDatabase(
  url: string,
  options: { maxConnections?: number; onIdleError?: (error: Error) => void } = {},
): Db {
  const pool = new Pool({
    connectionString: url,
    max: options.maxConnections ?? 20,
    connectionTimeoutMillis: 10_000,
  });
  const onIdleError = options.onIdleError ?? (() => undefined);
  pool.on('error', onIdleError);
  // One that is lost in the middle of a transaction tells its user by the failed query; unheard, it
  // would also end the process.
  pool.on('connect', (connection) => connection.on('error', () => undefined));
  return drizzle(pool, { schema });
}

const migrationLock = 7_311_842;

/** Brings the schema up to date. Several processes may do it at once: an advisory lock lets one at a time. */
export async function migrateDatabase(db: Db): Promise<void> {
  const connection = await db.$client.connect();
  const session = drizzle(connection);
  try {
    await session.execute(sql`SELECT pg_advisory_lock(${migrationLock})`);
    await migrate(session, { migrationsFolder: path.join(__dirname, 'migrations') });
  } finally {
    await session.execute(sql`SELECT pg_advisory_unlock(${migrationLock})`);
    connection.release();
  }
}
