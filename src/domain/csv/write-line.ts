/** Begins a file, so that spreadsheets read it as UTF-8. */
export const byteOrderMark = '\ufeff';

/** Lone line ends and other delimiters are quoted as well: a reader that guesses can't split a cell. */
const quotable = /["\r\n,;\t]/;

/** One line of a CSV file (RFC 4180). Cells that a spreadsheet could run go through `writeCell` first. */
export function writeLine(cells: readonly string[], delimiter = ','): string {
  const quoted = cells.map((cell) =>
    quotable.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
  );
  return `${quoted.join(delimiter)}\r\n`;
}
