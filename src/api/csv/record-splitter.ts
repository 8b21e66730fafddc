import type { CsvRecord } from '../../domain/csv/read-row';

/** More than any line has, with an open quote aside. */
const mostRecordChars = 1_024 * 1_024;
/** As many columns as a spreadsheet has. */
export const mostCells = 16_384;

/** Why nothing after a record can be read. */
export type SplitFault = 'stray-quote' | 'open-quote' | 'long-record' | 'many-cells';

/**
 * Where the next character is: `start` of a cell, in a `plain` one, in a `quoted` one, or after a quote
 * that `closed` a cell, unless another one follows.
 */
type Place = 'start' | 'plain' | 'quoted' | 'closed';

const carriageReturn = '\r';
const lineFeed = '\n';

/**
 * Splits the text of a file (RFC 4180) into records as it arrives, in pieces of any size. Each piece
 * takes a time that depends on its length only. A line ends with CRLF, LF or CR.
 */
export class RecordSplitter {
  private records: CsvRecord[] = [];
  private cells: string[] = [];
  private cell = '';
  private place: Place = 'start';
  private currentLine: number;
  private chars = 0;
  private isAfterCarriageReturn = false;
  private found: SplitFault | null = null;
  private readonly plainEnd: RegExp;

  constructor(
    delimiter: string,
    /** Number of the line where the next record begins. */
    private begun: number,
  ) {
    this.currentLine = begun;
    this.plainEnd = new RegExp(`[\\r\\n"${delimiter.replace(/[\\\]^-]/, String.raw`\$&`)}]`, 'g');
  }

  /** What ended the reading, in the record that isn't complete. */
  get fault(): SplitFault | null {
    return this.found;
  }

  /** Where the record begins that isn't complete. */
  get recordLine(): number {
    return this.begun;
  }

  /** The line that was reached. */
  get line(): number {
    return this.currentLine;
  }

  /** Reads on; returns the records that are complete now. After a fault nothing is read. */
  push(text: string): CsvRecord[] {
    let at = 0;
    while (at < text.length && this.found === null) {
      const next = this.place === 'quoted' ? this.inQuotes(text, at) : this.outside(text, at);
      this.chars += next - at;
      at = next;
      if (this.chars > mostRecordChars) this.found = 'long-record';
    }
    return this.taken();
  }

  /** The last record, if no line end follows it. */
  end(): CsvRecord[] {
    if (this.found !== null) return [];
    if (this.place === 'quoted') this.found = 'open-quote';
    else if (this.place !== 'start' || this.cells.length > 0) this.endRecord();
    return this.taken();
  }

  /** Reads up to the next quote; returns the place after it. */
  private inQuotes(text: string, from: number): number {
    const quote = text.indexOf('"', from);
    const end = quote < 0 ? text.length : quote;
    const inside = text.slice(from, end);
    this.cell += inside;
    this.countLines(inside);
    if (quote < 0) return end;
    this.isAfterCarriageReturn = false;
    this.place = 'closed';
    return end + 1;
  }

  /** Reads up to the next character that means something, and that; returns the place after it. */
  private outside(text: string, from: number): number {
    this.plainEnd.lastIndex = from;
    const end = this.plainEnd.exec(text)?.index ?? text.length;
    if (end > from) this.addPlain(text.slice(from, end));
    if (end === text.length || this.found !== null) return end;
    const character = text.charAt(end);
    if (character === '"') this.readQuote();
    else if (character === lineFeed || character === carriageReturn) this.readLineEnd(character);
    else this.endCell();
    return end + 1;
  }

  private addPlain(text: string): void {
    this.isAfterCarriageReturn = false;
    if (this.place === 'closed') {
      this.found = 'stray-quote';
      return;
    }
    this.cell += text;
    this.place = 'plain';
  }

  private readQuote(): void {
    this.isAfterCarriageReturn = false;
    if (this.place === 'plain') {
      this.found = 'stray-quote';
      return;
    }
    // Two quotes inside a quoted cell are one.
    if (this.place === 'closed') this.cell += '"';
    this.place = 'quoted';
  }

  private readLineEnd(character: string): void {
    if (character === lineFeed && this.isAfterCarriageReturn) {
      // The second half of CRLF: its line has been counted, and no record has begun since.
      this.isAfterCarriageReturn = false;
      return;
    }
    this.isAfterCarriageReturn = character === carriageReturn;
    this.currentLine += 1;
    this.endRecord();
  }

  private endCell(): void {
    this.isAfterCarriageReturn = false;
    if (this.cells.length >= mostCells - 1) {
      this.found = 'many-cells';
      return;
    }
    this.cells.push(this.cell);
    this.cell = '';
    this.place = 'start';
  }

  private endRecord(): void {
    this.records.push({ line: this.begun, cells: [...this.cells, this.cell] });
    this.cells = [];
    this.cell = '';
    this.place = 'start';
    this.begun = this.currentLine;
    this.chars = 0;
  }

  /** Line ends inside quotes, CRLF once even if a piece ends in its middle. */
  private countLines(text: string): void {
    for (let at = 0; at < text.length; at += 1) {
      const character = text.charAt(at);
      if (character === carriageReturn) this.currentLine += 1;
      else if (character === lineFeed && !this.isAfterCarriageReturn) this.currentLine += 1;
      this.isAfterCarriageReturn = character === carriageReturn;
    }
  }

  private taken(): CsvRecord[] {
    const { records } = this;
    this.records = [];
    return records;
  }
}
