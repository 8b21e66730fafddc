import { columnFinder, userHeader, type CsvColumn } from './columns';
import type { CsvFault, CsvFaultCode } from './faults';
import { excerpt, hiddenHint, quoted } from '../model/text/wording';
import { readCell } from './cells';

/**
 * A column of a file; null if it has no header, which is harmless while its cells are empty. The cells
 * of a `refused` one aren't looked at: its header is the fault.
 */
export type FileColumn = CsvColumn | { kind: 'refused' } | null;

/** What an unknown header is quoted by. */
const longestHeader = 200;

export interface CsvHeader {
  columns: FileColumn[];
  faults: CsvFault[];
}

/** Reads the first line (R71, R73): any order, no unknown and no repeated columns, one for the user. */
export function readHeader(
  { line, cells }: { line: number; cells: readonly string[] },
  known: readonly CsvColumn[],
): CsvHeader {
  const find = columnFinder(known);
  const faults: CsvFault[] = [];
  const fault = (column: string | null, code: CsvFaultCode, detail: string) =>
    faults.push({ line, column, code, detail });
  const seen = new Set<CsvColumn>();
  const columns = cells.map((cell): FileColumn => {
    const header = readCell(cell).trim();
    if (header === '') return null;
    const column = find(header);
    if (!column) {
      faults.push({ line, ...unknownColumn(header) });
      return { kind: 'refused' };
    }
    if (seen.has(column)) {
      fault(column.header, 'duplicate-column', `The column ${quoted(header)} appears twice.`);
      return { kind: 'refused' };
    }
    seen.add(column);
    return column;
  });
  if (!columns.some((column) => column?.kind === 'user')) {
    fault(null, 'missing-column', `The column "${userHeader}" is required.`);
  }
  return { columns, faults };
}

/** A header that names no column: what is the matter with it, as far as that can be told. */
function unknownColumn(header: string): Omit<CsvFault, 'line'> {
  const column = excerpt(header, longestHeader);
  const hint = hiddenHint(header);
  const site = /^attendee\s*\((.*)\)$/i.exec(header)?.[1];
  if (site !== undefined) {
    const detail = `Attendee accounts are not enabled on ${quoted(site)}.${hint}`;
    return { column, code: 'unknown-attendee-site', detail };
  }
  const advice = hint === '' ? ' Remove it from the file.' : hint;
  const detail = `There is no column ${quoted(header)}.${advice}`;
  return { column, code: 'unknown-column', detail };
}
