import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { TextDecoder } from 'node:util';
import { parse, CsvError } from 'csv-parse';
import type { CsvFaultCode } from '../../domain/csv/faults';
import type { CsvRecord } from '../../domain/csv/read-row';
import { delimiterOf } from '../../domain/csv/cells';

/** More than any header line has. */
const mostHeadChars = 256 * 1_024;
const mostRecordChars = 1_024 * 1_024;
const lineEnd = /\r\n|\n|\r/g;

/** Nothing after this line can be read. */
export class UnreadableCsvError extends Error {
  override readonly name = 'UnreadableCsv';
  constructor(
    readonly line: number,
    readonly code: Extract<CsvFaultCode, 'malformed-csv' | 'not-utf-8'>,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The lines of a file as its bytes arrive, each with the number of the line where it begins; empty
 * lines are among them. Reads what spreadsheets write: a byte-order mark, UTF-8 or UTF-16, commas,
 * semicolons or tabs, with or without `sep=`, and any line ends. Throws `UnreadableCsv`.
 */
export async function* readRecords(bytes: AsyncIterable<Buffer>): AsyncGenerator<CsvRecord> {
  const texts = textOf(bytes);
  const head = await headOf(texts);
  const marked = /^sep=(.)(?:\r\n|\n|\r|$)/i.exec(head);
  const body = marked ? head.slice(marked[0].length) : head;
  // Removed from the parser at once: records that it holds when a line can't be read would be lost.
  const parsed: Parsed[] = [];
  const parser = parse({
    delimiter: marked?.[1] ?? delimiterOf(/^[\r\n]*[^\r\n]*/.exec(body)?.[0] ?? ''),
    raw: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: mostRecordChars,
    on_record: (record: unknown) => {
      parsed.push(record as Parsed);
      return null;
    },
  }).resume();
  const ended = finished(parser).catch((error: unknown) => error);
  let line = marked ? 2 : 1;
  const lines = function* (): Generator<CsvRecord> {
    for (const { record, raw } of parsed.splice(0)) {
      yield { line, cells: record };
      line += raw.match(lineEnd)?.length ?? 0;
    }
  };
  try {
    for await (const text of joined(body, texts)) {
      if (!(await isWritten(parser, text))) break;
      yield* lines();
    }
    parser.end();
    const failure = await ended;
    yield* lines();
    if (failure instanceof CsvError) {
      throw new UnreadableCsvError(line, 'malformed-csv', sentenceOf(failure));
    }
    if (failure !== undefined) throw failure as Error;
  } finally {
    parser.destroy();
  }
}

interface Parsed {
  record: string[];
  /** The line as it came, with the first character of its end. */
  raw: string;
}

function isWritten(parser: Writable, text: string): Promise<boolean> {
  return new Promise((resolve) => parser.write(text, (error) => resolve(!error)));
}

/** Text of the bytes, whole characters only. */
async function* textOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decode: Decode | null = null;
  let first: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    if (decode !== null) {
      yield decode(chunk, { stream: true });
      continue;
    }
    // The byte-order mark decides, and may come in pieces.
    first = Buffer.concat([first, chunk]);
    if (first.length < 2) continue;
    decode = decoderFor(first);
    yield decode(first, { stream: true });
  }
  yield decode ? decode(Buffer.alloc(0), {}) : decoderFor(first)(first, {});
}

/** By the byte-order mark; without one it is UTF-8. */
function encodingOf(first: Buffer): 'utf-16le' | 'utf-16be' | 'utf-8' {
  if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le';
  return first[0] === 0xfe && first[1] === 0xff ? 'utf-16be' : 'utf-8';
}

type Decode = (chunk: Buffer, options: { stream?: boolean }) => string;

function decoderFor(first: Buffer): Decode {
  const decoder = new TextDecoder(encodingOf(first), { fatal: true });
  let line = 1;
  const linesIn = (text: string) => text.match(lineEnd)?.length ?? 0;
  return (chunk, options) => {
    try {
      const text = decoder.decode(chunk, options);
      line += linesIn(text);
      return text;
    } catch {
      const lossy = new TextDecoder(decoder.encoding).decode(chunk);
      line += linesIn(lossy.slice(0, Math.max(0, lossy.indexOf('\ufffd'))));
      const advice = 'The bytes are not UTF-8: save the file as "CSV UTF-8".';
      throw new UnreadableCsvError(line, 'not-utf-8', advice);
    }
  };
}

/** As much text as shows the first line that isn't empty. */
async function headOf(texts: AsyncGenerator<string>): Promise<string> {
  let head = '';
  while (head.length < mostHeadChars && !/[^\r\n][\r\n]/.test(head)) {
    const next = await texts.next();
    if (next.done) break;
    head += next.value;
  }
  return head;
}

async function* joined(head: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  if (head !== '') yield head;
  for await (const text of rest) if (text !== '') yield text;
}

const strayQuote =
  'A quote is in the middle of a cell: enclose the whole cell in quotes and double the quotes inside.';
const sentences: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'A quote is opened in this line and never closed.',
  CSV_MAX_RECORD_SIZE: 'The line is too long: is a quote missing?',
  INVALID_OPENING_QUOTE: strayQuote,
  CSV_INVALID_CLOSING_QUOTE: strayQuote,
};

function sentenceOf({ code }: CsvError): string {
  return sentences[code] ?? 'The file is not valid CSV from this line on.';
}
