/** CSV imports: what a file asks for, user by user (R71–R78). */
import { integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { CsvRemark } from '../../domain/csv/faults';
import type { CsvWish } from '../../domain/csv/requested-cells';
import { instant, orgId } from './columns';

export const csvImport = pgTable('csv_import', {
  orgId: orgId(),
  importId: uuid('import_id').primaryKey(),
  createdAt: instant('created_at').notNull().defaultNow(),
  createdBy: text('created_by').notNull(),
  /** Users that a rollout would consider. */
  users: integer('users').notNull(),
  /** Rows that were refused as stale (R77). */
  staleUsers: integer('stale_users').notNull(),
  /** When the export was made that this file comes from; null for a file without a stamp. */
  exportedAt: instant('exported_at'),
  /** Headers of the license columns. */
  columns: jsonb('columns').$type<string[]>().notNull(),
  /** Lines that were left out or need attention. */
  remarks: jsonb('remarks').$type<CsvRemark[]>().notNull(),
});

export const csvRow = pgTable(
  'csv_row',
  {
    orgId: orgId(),
    importId: uuid('import_id').notNull(),
    personId: text('person_id').notNull(),
    line: integer('line').notNull(),
    wish: jsonb('wish').$type<CsvWish>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.importId, t.personId] })],
);
