import { Readable } from 'node:stream';
import type { Queryable } from '../../db/connect';
import { csvPersons } from '../../db/csv/export-rows';
import { writeCell } from '../../domain/csv/cells';
import { pagesInTurn } from '../http/pages-in-turn';
import type { CsvColumn } from '../../domain/csv/columns';
import { createUserLines, type LicenseKind } from '../../domain/csv/user-line';
import { byteOrderMark, writeLine } from '../../domain/csv/write-line';

/** Few enough to be written in some milliseconds. */
const pageRows = 1_000;

export interface UsersCsvInput {
  orgId: string;
  columns: readonly CsvColumn[];
  kindOf: LicenseKind;
  exportedAt: Date;
}

/**
 * All persons as CSV (UTF-8 with a byte-order mark for spreadsheets), read in pages as fast as the
 * reader reads them, and no further once the reader has gone (R71, R77).
 */
export function usersCsv(db: Queryable, input: UsersCsvInput): Readable {
  return Readable.from(pagesInTurn(pages(db, input)), { objectMode: false });
}

async function* pages(db: Queryable, input: UsersCsvInput): AsyncGenerator<string> {
  yield byteOrderMark + writeLine(input.columns.map(({ header }) => writeCell(header)));
  const readPage = csvPersons(db, input.orgId);
  const lineOf = createUserLines(input);
  for (let after: string | undefined = ''; after !== undefined;) {
    const users = await readPage({ after, limit: pageRows });
    if (users.length > 0) yield users.map(lineOf).join('');
    after = users.length < pageRows ? undefined : users.at(-1)?.personId;
  }
}
