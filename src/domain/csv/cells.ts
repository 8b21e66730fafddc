import { quote } from './write-line';

/**
 * Cells as text. Spreadsheets run text that begins like a formula, so a cell like that gets an
 * apostrophe in front. A text that begins with an apostrophe and a formula gets one more: reading
 * returns every text exactly as it was written.
 */
const runnable = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const guarded = /^'+[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

export function writeCell(text: string): string {
  return runnable.test(text) ? `'${text}` : text;
}

/** The text as it stands in a line: safe for spreadsheets, and quoted. */
export function quotedCell(text: string): string {
  return text === '' ? '' : quote(writeCell(text));
}

export function readCell(cell: string): string {
  return guarded.test(cell) ? cell.slice(1) : cell;
}

/** How spreadsheets in other languages, and other programs, save TRUE and FALSE. */
const trueWords = new Set(['true', 'wahr', 'vrai', 'verdadero', 'vero', 'waar', 'verdadeiro', '1']);
const falseWords = new Set(['false', 'falsch', 'faux', 'falso', 'onwaar', '0']);

/** Null: the cell is empty and changes nothing (R73). Undefined: neither TRUE nor FALSE. */
export function readFlag(cell: string): boolean | null | undefined {
  const word = cell.trim().toLowerCase();
  if (word === '') return null;
  if (trueWords.has(word)) return true;
  return falseWords.has(word) ? false : undefined;
}

export function writeFlag(flag: boolean): string {
  return flag ? 'TRUE' : 'FALSE';
}

/** Whether two texts are the same. Spreadsheets change blanks and line ends: that is no edit. */
export function isSameText(cell: string, known: string): boolean {
  return plain(cell) === plain(known);
}

function plain(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}

const delimiters = [',', ';', '\t'] as const;
export type CsvDelimiter = (typeof delimiters)[number];

/** The delimiter of a file: the one that its first line has most often outside of quotes. */
export function delimiterOf(firstLine: string): CsvDelimiter {
  const bare = firstLine.replace(/"[^"]*"/g, '');
  const counts = delimiters.map((delimiter) => bare.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}
