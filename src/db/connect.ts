import { sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import * as schema from './schema';

export type Db = NodePgDatabase<typeof schema> & { $client: Pool };
/** A `Db` or a transaction of one, as queries accept it. */
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
    // A connection whose other end has vanished fails at last, instead of keeping its query for ever.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  const onIdleError = options.onIdleError ?? (() => undefined);
  pool.on('error', onIdleError);
  // One that is lost in the middle of a transaction tells its user by the failed query; unheard, it
  // would also end the process.
  pool.on('connect', (connection) => connection.on('error', () => undefined));
  return drizzle(pool, { schema });
}

/** Resolves if the database answers. */
export async function pingDatabase(db: Queryable): Promise<void> {
  await db.execute(sql`SELECT 1`);
}
