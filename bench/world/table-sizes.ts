import { sql } from 'drizzle-orm';
import type { Db } from '../../src/db/connect';

export interface TableSize {
  table: string;
  /** With indexes and what is stored out of line. */
  bytes: number;
  /** Of them, indexes. */
  indexBytes: number;
}

/** Names of the tables of the mirror, and of those of plans, whatever they are split into. */
export const mirrorTables = /^(directory|mirror)_/;
export const planTables = /^rollout_/;

/** Tables with such names that occupy anything worth naming, the largest first. */
export async function tableSizes(db: Db, names: RegExp): Promise<TableSize[]> {
  const { rows } = await db.execute<{ table: string; bytes: string; indexBytes: string }>(sql`
    SELECT c.relname AS table, pg_total_relation_size(c.oid) AS bytes,
      pg_indexes_size(c.oid) AS "indexBytes"
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
    ORDER BY bytes DESC, c.relname`);
  return rows
    .map(({ table, bytes, indexBytes }) => ({
      table,
      bytes: Number(bytes),
      indexBytes: Number(indexBytes),
    }))
    .filter(({ table, bytes }) => names.test(table) && bytes > leastBytes);
}

/** An empty table with its indexes. */
const leastBytes = 100_000;

export function totalBytes(sizes: readonly TableSize[]): number {
  return sizes.reduce((sum, { bytes }) => sum + bytes, 0);
}

export async function databaseBytes(db: Db): Promise<number> {
  const { rows } = await db.execute<{ bytes: string }>(
    sql`SELECT pg_database_size(current_database()) AS bytes`,
  );
  return Number(rows[0]?.bytes);
}
