import type { FileColumn } from './read-header';
import type { CsvColumn } from './columns';
import type { CsvFault, CsvFaultCode } from './faults';
import { counted, hiddenHint, quoted } from '../model/text/wording';
import { readStamp, type CsvStamp } from './stamp';
import { readCell, readFlag } from './cells';
import type { CsvCell } from './requested-cells';
import {
  advancedMessaging,
  advancedSpaceMeetings,
  basicMessaging,
  basicSpaceMeetings,
} from '../licenses/offers';

const needBasicMessaging: readonly string[] = [
  advancedMessaging,
  basicSpaceMeetings,
  advancedSpaceMeetings,
];

/** One line of a file after the first. */
export interface CsvRecord {
  /** Line of the file at which it begins: quoted cells may span several lines. */
  line: number;
  cells: readonly string[];
}

/** A cell with the header of its column. */
export type HeadedCell = CsvCell & { header: string };

/** What a line asks for, before its user is looked up. */
export interface CsvRow {
  line: number;
  /** User id or e-mail address, as given. */
  user: string;
  cells: HeadedCell[];
  /** Non-empty cells of columns that a file can't change (R74). */
  readOnly: { kind: 'name' | 'status' | 'phone'; header: string; text: string }[];
  stamp: CsvStamp | null;
  faults: CsvFault[];
}

/** Spreadsheets leave empty lines at the end. */
export function isEmptyLine({ cells }: CsvRecord): boolean {
  return cells.every((cell) => cell.trim() === '');
}

export function readRow({ line, cells }: CsvRecord, columns: readonly FileColumn[]): CsvRow {
  const row: CsvRow = { line, user: '', cells: [], readOnly: [], stamp: null, faults: [] };
  const fault = (column: string | null, code: CsvFaultCode, detail: string) =>
    row.faults.push({ line, column, code, detail });
  const surplus = cells.slice(columns.length).some((cell) => cell.trim() !== '');
  if (cells.length < columns.length || surplus) {
    const detail = `The line has ${counted(cells.length, 'cell')}, the first line has ${columns.length}.`;
    fault(null, 'wrong-cell-count', detail);
    return { ...row, user: readCell(cells[0] ?? '').trim() };
  }
  for (const [i, column] of columns.entries()) {
    const cell = cells[i] ?? '';
    if (column?.kind === 'refused') continue;
    if (column) readInto(row, column, cell, (code, detail) => fault(column.header, code, detail));
    else if (cell.trim() !== '') {
      fault(null, 'unknown-column', `Cell ${i + 1} has no header above it: ${quoted(cell)}.`);
    }
  }
  if (row.user === '') fault(null, 'missing-user', 'The line has no user.');
  row.faults.push(...contradictions(row));
  return row;
}

function readInto(
  row: CsvRow,
  column: CsvColumn,
  cell: string,
  fault: (code: CsvFaultCode, detail: string) => void,
): void {
  const { kind, header } = column;
  const text = readCell(cell);
  if (kind === 'user') row.user = text.trim();
  else if (kind === 'stamp') {
    row.stamp = readStamp(text);
    if (row.stamp || text.trim() === '') return;
    fault(
      'bad-stamp',
      `${quoted(text)} is not a stamp that an export wrote.${hiddenHint(text) || ' Leave this column unchanged.'}`,
    );
  } else if (kind === 'license' || kind === 'attendee') {
    const granted = readFlag(cell);
    if (granted === undefined)
      fault('bad-cell', `${quoted(cell)} is neither TRUE nor FALSE.${hiddenHint(cell)}`);
    else if (granted !== null) {
      const offer = kind === 'license' ? column.offer : 'attendee';
      row.cells.push({ kind, offer, site: column.site, granted, header });
    }
  } else if (text.trim() !== '') row.readOnly.push({ kind, header, text });
}

/** Cells of one line that contradict each other, whatever the user holds (R35, R54, R55). */
function contradictions({ line, cells }: CsvRow): CsvFault[] {
  const flagOf = (offer: string) => cells.find((cell) => cell.offer === offer)?.granted;
  const faults: CsvFault[] = [];
  for (const { kind, offer, site, granted, header } of cells) {
    if (!granted) continue;
    if (needBasicMessaging.includes(offer) && flagOf(basicMessaging) === false) {
      const detail = `${header} is TRUE but Basic Messaging, which it needs, is FALSE.`;
      faults.push({ line, column: header, code: 'needs-basic-messaging', detail });
    } else if (offer === advancedSpaceMeetings && flagOf(basicSpaceMeetings) === false) {
      const detail = `${header} is TRUE but Basic Space Meetings, which it needs, is FALSE.`;
      faults.push({ line, column: header, code: 'needs-basic-space-meetings', detail });
    }
    // The column of an attendee always names its site.
    const isAlsoHost =
      kind === 'attendee' &&
      site !== null &&
      cells.some((other) => other.kind === 'license' && other.site === site && other.granted);
    if (isAlsoHost) {
      const detail = `Host and attendee on ${site} are both TRUE; a user can be only one of them.`;
      faults.push({ line, column: header, code: 'host-and-attendee', detail });
    }
  }
  return faults;
}
