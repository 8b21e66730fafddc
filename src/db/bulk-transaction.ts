import { drizzle } from 'drizzle-orm/node-postgres';
import type { PoolClient } from 'pg';
import type { Db, Queryable } from './connect';
import * as schema from './schema';

/** A transaction that also copies rows in bulk. */
export interface BulkTransaction {
  tx: Queryable;
  /** The connection of `tx`, which does one thing at a time: copy only between statements. */
  connection: PoolClient;
}

/**
 * One snapshot for all statements, and a connection for `copyRows`. Where anything fails, the connection
 * is closed: whatever it was doing, the database rolls it back.
 */
export async function inBulkTransaction<T>(
  db: Db,
  work: (bulk: BulkTransaction) => Promise<T>,
): Promise<T> {
  const connection = await db.$client.connect();
  let isLost = true;
  try {
    const result = await drizzle(connection, { schema }).transaction(
      (tx) => work({ tx, connection }),
      { isolationLevel: 'repeatable read' },
    );
    isLost = false;
    return result;
  } finally {
    connection.release(isLost);
  }
}
