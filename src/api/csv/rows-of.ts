import type { CsvColumn } from '../../domain/csv/columns';
import type { CsvFaultCode, FaultList } from '../../domain/csv/faults';
import { readHeader, type FileColumn } from '../../domain/csv/read-header';
import { isEmptyLine, readRow, type CsvRecord, type CsvRow } from '../../domain/csv/read-row';
import { digits } from '../../domain/model/text/wording';
import { UnreadableCsvError } from './read-records';

/** R76. */
export const mostUsers = 20_000;
/** Spreadsheets leave some at the end. */
const mostEmptyLines = 20_000;

export interface FileInput {
  columns: readonly CsvColumn[];
  faults: FaultList;
  /** Called once, before the first row. */
  onHeader(columns: readonly FileColumn[]): void;
}

/** What has been read of a file. */
interface FileState extends FileInput {
  header: FileColumn[] | null;
  rows: number;
  emptyLines: number;
}

/** The lines after the header. Ends where the file can't be read any further, and adds that fault. */
export async function* rowsOf(
  records: AsyncIterable<readonly CsvRecord[]>,
  input: FileInput,
): AsyncGenerator<CsvRow[]> {
  const { faults } = input;
  const state: FileState = { ...input, header: null, rows: 0, emptyLines: 0 };
  try {
    for await (const some of records) {
      const { rows, isEnd } = readSome(state, some);
      yield rows;
      if (isEnd) return;
    }
  } catch (error) {
    if (!(error instanceof UnreadableCsvError)) throw error;
    const { line, code, message } = error;
    faults.add({ line, column: null, code, detail: message });
    return;
  }
  if (state.header) return;
  faults.add({ line: 1, column: null, code: 'empty-file', detail: 'The file is empty.' });
}

/** Reads some lines; `isEnd`: the others aren't looked at. */
function readSome(
  state: FileState,
  records: readonly CsvRecord[],
): { rows: CsvRow[]; isEnd: boolean } {
  const rows: CsvRow[] = [];
  for (const record of records) {
    if (isEmptyLine(record)) {
      state.emptyLines += 1;
      if (state.emptyLines <= mostEmptyLines) continue;
      const detail = `A file can have at most ${digits(mostEmptyLines)} empty lines: remove them.`;
      refuse(state, record, 'too-many-lines', detail);
      return { rows, isEnd: true };
    }
    if (!state.header) {
      if (!isHeaderUsable(state, record)) return { rows, isEnd: true };
      continue;
    }
    state.rows += 1;
    if (state.rows > mostUsers) {
      const detail = `A file can have at most ${digits(mostUsers)} users: split it.`;
      refuse(state, record, 'too-many-users', detail);
      return { rows, isEnd: true };
    }
    rows.push(readRow(record, state.header));
  }
  return { rows, isEnd: false };
}

/** Reads the header; without a column of users no line can be matched with its user. */
function isHeaderUsable(state: FileState, record: CsvRecord): boolean {
  const { columns, faults } = readHeader(record, state.columns);
  state.faults.add(...faults);
  state.header = columns;
  state.onHeader(columns);
  return !faults.some(({ code }) => code === 'missing-column');
}

function refuse({ faults }: FileState, { line }: CsvRecord, code: CsvFaultCode, detail: string) {
  faults.add({ line, column: null, code, detail });
}
