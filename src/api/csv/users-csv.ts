import { stringify, type Stringifier } from 'csv-stringify';
import type { Queryable } from '../../db/connect';
import { readCsvUsers } from '../../db/csv/export-rows';
import type { CsvColumn } from '../../domain/csv/columns';
import { writeStamp } from '../../domain/csv/stamp';
import { csvFormat, writeCell } from '../../domain/csv/cells';
import { heldBy, userCells, type LicenseKind } from '../../domain/csv/user-line';
import { waitForDrain } from '../http/wait-for-drain';

const pageRows = 500;

export interface UsersCsvInput {
  orgId: string;
  columns: readonly CsvColumn[];
  kindOf: LicenseKind;
  exportedAt: Date;
}

/**
 * All persons as CSV (RFC 4180, UTF-8 with a byte-order mark for spreadsheets), read in pages as
 * fast as the reader takes them; nothing is read any more when the reader has gone (R71, R77).
 */
export function usersCsv(db: Queryable, input: UsersCsvInput): Stringifier {
  const csv = stringify(csvFormat);
  void fill(db, input, csv).catch((error: unknown) =>
    csv.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return csv;
}

async function fill(db: Queryable, input: UsersCsvInput, csv: Stringifier): Promise<void> {
  const { orgId, columns, kindOf, exportedAt } = input;
  csv.write(columns.map(({ header }) => writeCell(header)));
  for (let after = ''; !csv.destroyed;) {
    const users = await readCsvUsers(db, { orgId, after, limit: pageRows });
    for (const user of users) {
      const { personId, holdings } = user;
      const stamp = writeStamp({ orgId, personId, holdings, exportedAt });
      const cells = userCells(user, columns, { held: heldBy(holdings, kindOf), stamp });
      if (!csv.write(cells)) await waitForDrain(csv);
    }
    const last = users.at(-1);
    if (!last || users.length < pageRows) break;
    after = last.personId;
  }
  csv.end();
}
