import { findCsvUsers } from '../../db/csv/export-rows';
import { insertCsvRows, type CsvWishRow } from '../../db/csv/imports';
import type { Queryable } from '../../db/connect';
import { checkRow } from '../../domain/csv/check-line';
import type { CsvColumn } from '../../domain/csv/columns';
import { createFaultList, type CsvRemark, type FaultList } from '../../domain/csv/faults';
import { normalizedAddress, usersByAddress } from '../../domain/model/address';
import { excerpt, hiddenHint, quoted } from '../../domain/model/text/wording';
import type { FileColumn } from '../../domain/csv/read-header';
import type { CsvRecord, CsvRow } from '../../domain/csv/read-row';
import { holdingsDigest } from '../../domain/csv/stamp';
import { heldBy, type CsvUser, type LicenseKind } from '../../domain/csv/user-line';
import { toWebexId } from '../../domain/model/webex-id';
import { rowsOf } from './rows-of';
import { isUnstorableText } from '../http/body/unstorable-text';

/** What an unknown user is quoted by. */
const longestName = 200;
/** No id and no address is longer. */
const longestId = 1_000;
const rowsPerBatch = 500;

export interface IntakeInput {
  orgId: string;
  orgUuid: string;
  importId: string;
  columns: readonly CsvColumn[];
  kindOf: LicenseKind;
  /** An unknown user is a fault of the file, instead of a line that is left out. */
  isStrict: boolean;
}

/** What a file contains; its rows are stored if it has no fault. */
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

/** Reads a file line by line, and finds everything that is wrong with it at once. */
export async function readCsvInto(
  tx: Queryable,
  input: IntakeInput,
  records: AsyncIterable<readonly CsvRecord[]>,
): Promise<Intake> {
  const intake: Intake = {
    users: 0,
    staleUsers: 0,
    exportedAt: null,
    columns: [],
    remarks: [],
    faults: createFaultList(),
  };
  const reading: Reading = { ...input, intake, lineOf: new Map() };
  const { columns } = input;
  const onHeader = (header: readonly FileColumn[]) => (intake.columns = licenseHeaders(header));
  let batch: CsvRow[] = [];
  for await (const rows of rowsOf(records, { columns, faults: intake.faults, onHeader })) {
    for (const row of rows) {
      batch.push(row);
      if (batch.length < rowsPerBatch) continue;
      await storeBatch(tx, reading, batch);
      batch = [];
    }
  }
  await storeBatch(tx, reading, batch);
  return intake;
}

/** A file while it is read. */
interface Reading extends IntakeInput {
  intake: Intake;
  /** The line of each user so far. */
  lineOf: Map<string, number>;
}

async function storeBatch(
  tx: Queryable,
  reading: Reading,
  batch: readonly CsvRow[],
): Promise<void> {
  if (batch.length === 0) return;
  const { intake, orgId, importId } = reading;
  const userOf = await usersOf(tx, reading, batch);
  const wishes = batch.flatMap((row) => wishOf(reading, row, userOf(row)) ?? []);
  intake.users += wishes.length;
  // With a fault nothing is stored: what remains is to find the others.
  if (intake.faults.total === 0) await insertCsvRows(tx, { orgId, importId, rows: wishes });
}

/** What a line asks for; null if it has a fault or is left out, which is added to the intake. */
function wishOf(reading: Reading, row: CsvRow, user: CsvUser | undefined): CsvWishRow | null {
  const { intake, lineOf, orgId, kindOf } = reading;
  const { line } = row;
  if (!user) {
    leaveOutUnknown(reading, row);
    return null;
  }
  const { personId, holdings } = user;
  const earlier = lineOf.get(personId);
  if (earlier !== undefined) {
    const detail = `${user.email} is already in line ${earlier}.`;
    intake.faults.add(...row.faults, { line, column: null, code: 'duplicate-user', detail });
    return null;
  }
  lineOf.set(personId, line);
  const digest = holdingsDigest({ orgId, personId, holdings });
  const checked = checkRow({ row, user, held: heldBy(holdings, kindOf), digest });
  intake.faults.add(...checked.faults);
  intake.remarks.push(...checked.remarks);
  if (checked.remarks.some(({ code }) => code === 'stale')) intake.staleUsers += 1;
  intake.exportedAt = earliest(intake.exportedAt, row.stamp?.exportedAt ?? null);
  return checked.wish && { personId, wish: checked.wish };
}

function earliest(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return other < one ? other : one;
}

/** Finds the users of a batch by id in either form, or by e-mail address. */
async function usersOf(
  tx: Queryable,
  { orgId, orgUuid }: IntakeInput,
  batch: readonly CsvRow[],
): Promise<(row: CsvRow) => CsvUser | undefined> {
  const idOf = ({ user }: CsvRow) => toWebexId('person', user, orgUuid);
  const named = batch.filter(
    ({ user }) => user !== '' && user.length <= longestId && !isUnstorableText(user),
  );
  const users = await findCsvUsers(tx, {
    orgId,
    ids: named.flatMap((row) => idOf(row) ?? []),
    emails: named.flatMap(({ user }) => (user.includes('@') ? normalizedAddress(user) : [])),
  });
  const byId = new Map(users.map((user) => [user.personId, user]));
  const byAddress = usersByAddress(users);
  return (row) => {
    if (row.user.length > longestId) return undefined;
    if (row.user.includes('@')) return byAddress(row.user);
    const id = idOf(row);
    return id === undefined ? undefined : byId.get(id);
  };
}

/** An unknown user's line is left out like a stale one; where the caller is strict, it is a fault. */
function leaveOutUnknown({ intake, isStrict }: Reading, { line, user, faults }: CsvRow): void {
  intake.faults.add(...faults);
  if (user === '') return;
  const code = 'unknown-user' as const;
  const detail = `There is no user ${quoted(user)}.${hiddenHint(user)}`;
  if (isStrict) intake.faults.add({ line, column: null, code, detail });
  else {
    const named = excerpt(user, longestName);
    intake.remarks.push({ line, column: null, user: named, code, detail, refused: true });
  }
}

function licenseHeaders(columns: readonly FileColumn[]): string[] {
  return columns.flatMap((column) =>
    column?.kind === 'license' || column?.kind === 'attendee' ? [column.header] : [],
  );
}
