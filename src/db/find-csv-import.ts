import { and, eq } from 'drizzle-orm';
import type { Queryable } from './connect';
import { csvImport } from './schema';

export type CsvImportRow = typeof csvImport.$inferSelect;

export async function findCsvImport(
  db: Queryable,
  orgId: string,
  importId: string,
): Promise<CsvImportRow | undefined> {
  const [row] = await db
    .select()
    .from(csvImport)
    .where(and(eq(csvImport.orgId, orgId), eq(csvImport.importId, importId)));
  return row;
}
