/** Begins a file, so that spreadsheets read it as UTF-8. */
export const byteOrderMark = '\ufeff';

/** Lone line ends and other delimiters are quoted as well: a reader that guesses can't split a cell. */
const quotable = /["\r\n,;\t]/;

/** A cell as it stands in a line (RFC 4180). */
export function quote(cell: string): string {
  return quotable.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** One line of a CSV file (RFC 4180). Cells that a spreadsheet could run go through `writeCell` first. */
export function writeLine(cells: readonly string[], delimiter = ','): string {
  return lineOfQuoted(cells.map(quote), delimiter);
}

/** The same of cells that are quoted already. */
export function lineOfQuoted(cells: readonly string[], delimiter = ','): string {
  return `${cells.join(delimiter)}\r\n`;
}
