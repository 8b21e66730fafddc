/** Stored imports: the requested licenses per user (R71–R78). */
import { and, eq, sql } from 'drizzle-orm';
import type { CsvWish } from '../../domain/csv/requested-cells';
import type { Queryable } from '../connect';
import { newestFirst } from '../newest-first';
import { csvImport } from '../schema';

export type CsvImportRow = typeof csvImport.$inferSelect;
/** An import without its remarks, which can be as many as its users. */
export type CsvImportBrief = Omit<CsvImportRow, 'remarks'>;

export interface CsvWishRow {
  personId: string;
  wish: CsvWish;
}

/** Call it after the rows of the import are stored, in their transaction. */
export async function insertCsvImport(
  db: Queryable,
  row: Omit<CsvImportRow, 'createdAt'>,
): Promise<CsvImportRow> {
  const [inserted] = await db.insert(csvImport).values(row).returning();
  if (!inserted) throw new Error('a stored import was not returned');
  return inserted;
}

export async function insertCsvRows(
  db: Queryable,
  input: { orgId: string; importId: string; rows: readonly CsvWishRow[] },
): Promise<void> {
  if (input.rows.length === 0) return;
  const rows = input.rows.map(({ personId, wish }) => ({ personId, line: wish.line, wish }));
  await db.execute(sql`
    INSERT INTO csv_row (org_id, import_id, person_id, line, wish)
    SELECT ${input.orgId}, ${input.importId}::uuid, r.*
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS r("personId" text, line int, wish jsonb)`);
}

/** Updates the statistics of the query planner for the rows just stored, in the same transaction. */
export async function analyzeCsvRows(db: Queryable): Promise<void> {
  await db.execute(sql`ANALYZE csv_row (org_id, import_id, person_id)`);
}

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

/** Newest first. `after` is the last import of the page before. */
export function listCsvImports(
  db: Queryable,
  page: { orgId: string; after: { createdAt: Date; importId: string } | null; limit: number },
): Promise<CsvImportBrief[]> {
  const { after } = page;
  const cursor = after && { createdAt: after.createdAt, id: after.importId };
  const { isAfter, order } = newestFirst(csvImport.createdAt, csvImport.importId, cursor);
  return db
    .select({
      orgId: csvImport.orgId,
      importId: csvImport.importId,
      createdAt: csvImport.createdAt,
      createdBy: csvImport.createdBy,
      users: csvImport.users,
      staleUsers: csvImport.staleUsers,
      exportedAt: csvImport.exportedAt,
      columns: csvImport.columns,
    })
    .from(csvImport)
    .where(and(eq(csvImport.orgId, page.orgId), isAfter))
    .orderBy(...order)
    .limit(page.limit);
}
