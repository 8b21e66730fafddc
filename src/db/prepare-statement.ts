import { fillPlaceholders, type SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { QueryResultRow } from 'pg';
import type { Db } from './connect';

/**
 * A statement that each connection parses and plans once, for what runs with every write. Its
 * parameters are `sql.placeholder(…)`.
 */
export function prepareStatement<Row extends QueryResultRow>(
  name: string,
  statement: SQL,
): (db: Db, values: Record<string, unknown>) => Promise<Row[]> {
  const { sql: text, params } = new PgDialect().sqlToQuery(statement);
  return async (db, values) => {
    const filled = fillPlaceholders(params, values);
    const { rows } = await db.$client.query<Row>({ name, text, values: filled });
    return rows;
  };
}
