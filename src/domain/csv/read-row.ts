import type { FileColumn } from './read-header';
import type { CsvColumn } from './columns';
import { quoted, type CsvFault, type CsvFaultCode } from './faults';
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
  /** Where it begins: quoted cells may go over several lines. */
  line: number;
  cells: readonly string[];
}

/** A cell with the header it stands under. */
export type HeadedCell = CsvCell & { header: string };

/** What a line says, before anybody has looked up whom it is about. */
export interface CsvRow {
  line: number;
  /** User id or e-mail address, as given. */
  user: string;
  cells: HeadedCell[];
  /** Columns that nobody can change by a file, as far as they say something (R74). */
  readOnly: { kind: 'name' | 'status' | 'phone'; header: string; text: string }[];
  stamp: CsvStamp | null;
  faults: CsvFault[];
}

/** Null: the line is empty, as spreadsheets leave them at the end. */
export function readRow({ line, cells }: CsvRecord, columns: readonly FileColumn[]): CsvRow | null {
  if (cells.every((cell) => cell.trim() === '')) return null;
  const row: CsvRow = { line, user: '', cells: [], readOnly: [], stamp: null, faults: [] };
  const fault = (column: string | null, code: CsvFaultCode, detail: string) =>
    row.faults.push({ line, column, code, detail });
  const surplus = cells.slice(columns.length).some((cell) => cell.trim() !== '');
  if (cells.length < columns.length || surplus) {
    const detail = `The line has ${cells.length} cells, the first line ${columns.length}.`;
    fault(null, 'wrong-cell-count', detail);
    return { ...row, user: readCell(cells[0] ?? '').trim() };
  }
  for (const [i, column] of columns.entries()) {
    const cell = cells[i] ?? '';
    if (column) readInto(row, column, cell, (code, detail) => fault(column.header, code, detail));
    else if (cell.trim() !== '') {
      fault(null, 'unknown-column', `Cell ${i + 1} stands under no header: ${quoted(cell)}.`);
    }
  }
  if (row.user === '') fault(null, 'missing-user', 'The line names no user.');
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
    fault('bad-stamp', `${quoted(text)} is no stamp of an export: leave that column as it was.`);
  } else if (kind === 'license' || kind === 'attendee') {
    const granted = readFlag(cell);
    if (granted === undefined) fault('bad-cell', `${quoted(cell)} is neither TRUE nor FALSE.`);
    else if (granted !== null) {
      const offer = kind === 'license' ? column.offer : 'attendee';
      row.cells.push({ kind, offer, site: column.site, granted, header });
    }
  } else if (text.trim() !== '') row.readOnly.push({ kind, header, text });
}

/** What one line can't say at once, whoever it is about (R35, R54, R55). */
function contradictions({ line, cells }: CsvRow): CsvFault[] {
  const flagOf = (offer: string) => cells.find((cell) => cell.offer === offer)?.granted;
  const faults: CsvFault[] = [];
  for (const { kind, offer, site, granted, header } of cells) {
    if (!granted) continue;
    if (needBasicMessaging.includes(offer) && flagOf(basicMessaging) === false) {
      const detail = `${header} is TRUE and Basic Messaging FALSE (R54).`;
      faults.push({ line, column: header, code: 'needs-basic-messaging', detail });
    } else if (offer === advancedSpaceMeetings && flagOf(basicSpaceMeetings) === false) {
      const detail = `${header} is TRUE and Basic Space Meetings FALSE (R55).`;
      faults.push({ line, column: header, code: 'needs-basic-space-meetings', detail });
    }
    const isHostToo =
      kind === 'attendee' &&
      cells.some((other) => other.kind === 'license' && other.site === site && other.granted);
    if (isHostToo) {
      const detail = `Host and attendee on ${site ?? ''} are both TRUE (R35).`;
      faults.push({ line, column: header, code: 'host-and-attendee', detail });
    }
  }
  return faults;
}
