import { columnFinder, userHeader, type CsvColumn } from './columns';
import type { CsvFault, CsvFaultCode } from './faults';
import { quoted } from '../model/wording';
import { readCell } from './cells';

/** A column of a file; null if it has no header, which is harmless while its cells are empty. */
export type FileColumn = CsvColumn | null;

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
      const site = /^attendee\s*\((.*)\)$/i.exec(header)?.[1];
      if (site === undefined) {
        fault(
          header,
          'unknown-column',
          `There is no column ${quoted(header)}. Remove it from the file.`,
        );
      } else {
        const detail = `Attendee accounts are not enabled on ${quoted(site)}.`;
        fault(header, 'unknown-attendee-site', detail);
      }
      return null;
    }
    if (seen.has(column)) {
      fault(column.header, 'duplicate-column', `The column ${quoted(header)} appears twice.`);
      return null;
    }
    seen.add(column);
    return column;
  });
  if (!columns.some((column) => column?.kind === 'user')) {
    fault(null, 'missing-column', `The column "${userHeader}" is required.`);
  }
  return { columns, faults };
}
