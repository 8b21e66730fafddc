import { setImmediate as othersTurn } from 'node:timers/promises';
import type { CsvFaultCode } from '../../domain/csv/faults';
import type { CsvRecord } from '../../domain/csv/read-row';
import { digits } from '../../domain/model/text/wording';
import { delimiterOf } from '../../domain/csv/cells';
import { NotUtf8Error, readText } from './read-text';
import { mostCells, RecordSplitter, type SplitFault } from './record-splitter';

/** More than any header line has. */
const mostHeadChars = 256 * 1_024;
/** What is split at once, in a few milliseconds whatever it is: then others have their turn. */
const pieceChars = 8 * 1_024;

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
 * The lines of a file as its bytes arrive, some at a time, each with the number of the line where it
 * begins; empty lines are among them. Reads what spreadsheets write: a byte-order mark, UTF-8 or
 * UTF-16, commas, semicolons or tabs, with or without `sep=`, and any line ends. Throws
 * `UnreadableCsv`.
 */
export async function* readRecords(bytes: AsyncIterable<Buffer>): AsyncGenerator<CsvRecord[]> {
  const texts = readText(bytes);
  const head = await headOf(texts);
  const marked = /^sep=(.)(?:\r\n|\n|\r|$)/i.exec(head.text);
  const body = marked ? head.text.slice(marked[0].length) : head.text;
  const delimiter = marked?.[1] ?? delimiterOf(/^[\r\n]*[^\r\n]*/.exec(body)?.[0] ?? '');
  const splitter = new RecordSplitter(delimiter, marked ? 2 : 1);
  try {
    for await (const piece of piecesOf(body, texts, head.failure)) {
      yield splitter.push(piece);
      refuse(splitter);
      await othersTurn();
    }
  } catch (error) {
    if (!(error instanceof NotUtf8Error)) throw error;
    yield splitter.push(error.before);
    throw new UnreadableCsvError(splitter.line, 'not-utf-8', error.message);
  } finally {
    // Closes the file, also if nobody wants the lines after the head.
    await texts.return(undefined);
  }
  yield splitter.end();
  refuse(splitter);
}

function refuse({ fault, recordLine }: RecordSplitter): void {
  if (fault) throw new UnreadableCsvError(recordLine, 'malformed-csv', sentences[fault]);
}

const sentences: Readonly<Record<SplitFault, string>> = {
  'stray-quote':
    'A quote is in the middle of a cell: enclose the whole cell in quotes and double the quotes inside.',
  'open-quote': 'A quote is opened in this line and never closed.',
  'long-record': 'The line is too long: is a quote missing?',
  'many-cells': `The line has more than ${digits(mostCells)} cells, which is more than a spreadsheet has columns.`,
};

/** As much text as shows the first line that isn't empty, and why there is no more, if it ended so. */
async function headOf(
  texts: AsyncGenerator<string>,
): Promise<{ text: string; failure: NotUtf8Error | null }> {
  let text = '';
  while (text.length < mostHeadChars && !/[^\r\n][\r\n]/.test(text)) {
    try {
      const next = await texts.next();
      if (next.done) break;
      text += next.value;
    } catch (error) {
      if (!(error instanceof NotUtf8Error)) throw error;
      return { text, failure: error };
    }
  }
  return { text, failure: null };
}

async function* piecesOf(
  head: string,
  rest: AsyncGenerator<string>,
  failure: NotUtf8Error | null,
): AsyncGenerator<string> {
  yield* cut(head);
  if (failure) throw failure;
  for await (const text of rest) yield* cut(text);
}

function* cut(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += pieceChars) yield text.slice(at, at + pieceChars);
}
