/**
 * Cells as text. Spreadsheets run what begins like a formula; such a cell gets an apostrophe in
 * front, and a cell that would read like one of those gets one more, so that every text comes back
 * as it was.
 */
const runnable = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const guarded = /^'+[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

export function writeCell(text: string): string {
  return runnable.test(text) ? `'${text}` : text;
}

export function readCell(cell: string): string {
  return guarded.test(cell) ? cell.slice(1) : cell;
}

/** As spreadsheets in other languages save what they took for TRUE and FALSE. */
const trueWords = new Set(['true', 'wahr', 'vrai', 'verdadero', 'vero', 'waar', 'verdadeiro']);
const falseWords = new Set(['false', 'falsch', 'faux', 'falso', 'onwaar']);

/** Null: nothing is said (R73). Undefined: neither TRUE nor FALSE. */
export function readFlag(cell: string): boolean | null | undefined {
  const word = cell.trim().toLowerCase();
  if (word === '') return null;
  if (trueWords.has(word)) return true;
  return falseWords.has(word) ? false : undefined;
}

export function writeFlag(flag: boolean): string {
  return flag ? 'TRUE' : 'FALSE';
}

/** Spreadsheets change blanks and line ends: they don't count as an edit. */
export function saysSame(cell: string, known: string): boolean {
  return plain(cell) === plain(known);
}

function plain(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}

const delimiters = [',', ';', '\t'] as const;
export type CsvDelimiter = (typeof delimiters)[number];

/** The delimiter of a file, from its first line: the one that is there most often outside quotes. */
export function delimiterOf(firstLine: string): CsvDelimiter {
  const bare = firstLine.replace(/"[^"]*"/g, '');
  const counts = delimiters.map((delimiter) => bare.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}

/**
 * How files are written (RFC 4180). A lone line end is quoted too, which the writer doesn't do by
 * itself, and so is what another delimiter would split.
 */
export const csvFormat = {
  bom: true,
  record_delimiter: 'windows',
  quoted_match: /[\r\n;\t]/,
} as const;
