import { findCsvUsers } from '../../db/csv/export-rows';
import { insertCsvRows, type CsvWishRow } from '../../db/csv/imports';
import type { Queryable } from '../../db/connect';
import { checkRow } from '../../domain/csv/check-line';
import type { CsvColumn } from '../../domain/csv/columns';
import { createFaultList, quoted, type CsvRemark, type FaultList } from '../../domain/csv/faults';
import { readHeader, type FileColumn } from '../../domain/csv/read-header';
import { readRow, type CsvRecord, type CsvRow } from '../../domain/csv/read-row';
import { holdingsDigest } from '../../domain/csv/stamp';
import { heldBy, type CsvUser, type LicenseKind } from '../../domain/csv/user-line';
import { toWebexId } from '../../domain/model/webex-id';
import { UnreadableCsv } from './read-records';
import { isUnstorableText } from '../http/unstorable-text';

/** R76. */
export const mostUsers = 20_000;
const rowsPerBatch = 500;

export interface IntakeInput {
  orgId: string;
  orgUuid: string;
  importId: string;
  columns: readonly CsvColumn[];
  kindOf: LicenseKind;
}

/** What a file came to; its rows are stored where it has no fault. */
export interface Intake {
  users: number;
  staleUsers: number;
  /** The oldest stamp of the file. */
  exportedAt: Date | null;
  /** Headers of the license and attendee columns that it has. */
  columns: string[];
  remarks: CsvRemark[];
  faults: FaultList;
}

/** Takes a file in, line by line, and finds everything that is wrong with it at once. */
export async function readCsvInto(
  tx: Queryable,
  input: IntakeInput,
  records: AsyncIterable<CsvRecord>,
): Promise<Intake> {
  const faults = createFaultList();
  const intake: Intake = {
    users: 0,
    staleUsers: 0,
    exportedAt: null,
    columns: [],
    remarks: [],
    faults,
  };
  const lineOf = new Map<string, number>();
  let header: FileColumn[] | null = null;
  let batch: CsvRow[] = [];
  let rows = 0;
  try {
    for await (const record of records) {
      if (!header) {
        if (record.cells.every((cell) => cell.trim() === '')) continue;
        const read = readHeader(record, input.columns);
        faults.add(...read.faults);
        header = read.columns;
        intake.columns = licenseHeaders(header);
        // Without it nobody knows whom any line is about.
        if (read.faults.some(({ code }) => code === 'missing-column')) break;
        continue;
      }
      const row = readRow(record, header);
      if (!row) continue;
      rows += 1;
      if (rows > mostUsers) {
        const detail = `A file has at most ${mostUsers} users (R76): split it.`;
        faults.add({ line: row.line, column: null, code: 'too-many-users', detail });
        break;
      }
      batch.push(row);
      if (batch.length < rowsPerBatch) continue;
      await takeBatch(tx, { ...input, batch, lineOf, intake });
      batch = [];
    }
  } catch (error) {
    if (!(error instanceof UnreadableCsv)) throw error;
    const { line, code, message } = error;
    faults.add({ line, column: null, code, detail: message });
  }
  await takeBatch(tx, { ...input, batch, lineOf, intake });
  if (!header && faults.total === 0) {
    faults.add({ line: 1, column: null, code: 'empty-file', detail: 'The file has no line.' });
  }
  return intake;
}

interface BatchInput extends IntakeInput {
  batch: readonly CsvRow[];
  lineOf: Map<string, number>;
  intake: Intake;
}

async function takeBatch(tx: Queryable, input: BatchInput): Promise<void> {
  const { batch, intake, orgId, importId, kindOf, lineOf } = input;
  if (batch.length === 0) return;
  const userOf = await usersOf(tx, input);
  const wishes: CsvWishRow[] = [];
  for (const row of batch) {
    const user = userOf(row);
    if (!user) {
      intake.faults.add(...row.faults, ...unknownUser(row));
      continue;
    }
    const { personId, holdings } = user;
    const earlier = lineOf.get(personId);
    if (earlier !== undefined) {
      const detail = `${user.email} is in line ${earlier} already.`;
      const fault = { line: row.line, column: null, code: 'duplicate-user' as const, detail };
      intake.faults.add(...row.faults, fault);
      continue;
    }
    lineOf.set(personId, row.line);
    const held = heldBy(holdings, kindOf);
    const digest = holdingsDigest({ orgId, personId, holdings });
    const { wish, remarks, faults } = checkRow({ row, user, held, digest });
    intake.faults.add(...faults);
    intake.remarks.push(...remarks);
    if (remarks.some(({ code }) => code === 'stale')) intake.staleUsers += 1;
    const exportedAt = row.stamp?.exportedAt ?? null;
    if (exportedAt && (!intake.exportedAt || exportedAt < intake.exportedAt)) {
      intake.exportedAt = exportedAt;
    }
    if (wish) wishes.push({ personId, wish });
  }
  intake.users += wishes.length;
  // With a fault nothing is kept: what is left is to find the others.
  if (intake.faults.total === 0) await insertCsvRows(tx, { orgId, importId, rows: wishes });
}

/** Finds the users of a batch by id in either form, or by e-mail address. */
async function usersOf(
  tx: Queryable,
  { batch, orgId, orgUuid }: BatchInput,
): Promise<(row: CsvRow) => CsvUser | undefined> {
  const idOf = ({ user }: CsvRow) => toWebexId('person', user, orgUuid);
  const named = batch.filter(({ user }) => user !== '' && !isUnstorableText(user));
  const users = await findCsvUsers(tx, {
    orgId,
    ids: named.flatMap((row) => idOf(row) ?? []),
    emails: named.flatMap(({ user }) => (user.includes('@') ? user.toLowerCase() : [])),
  });
  const byId = new Map(users.map((user) => [user.personId, user]));
  const byEmail = new Map(users.map((user) => [user.email.toLowerCase(), user]));
  return (row) =>
    row.user.includes('@') ? byEmail.get(row.user.toLowerCase()) : byId.get(idOf(row) ?? '');
}

function unknownUser({ line, user }: CsvRow) {
  if (user === '') return [];
  const detail = `There is no user ${quoted(user)}.`;
  return [{ line, column: null, code: 'unknown-user' as const, detail }];
}

function licenseHeaders(columns: readonly FileColumn[]): string[] {
  return columns.flatMap((column) =>
    column?.kind === 'license' || column?.kind === 'attendee' ? [column.header] : [],
  );
}
