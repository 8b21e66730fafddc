import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { mostCells, RecordSplitter } from '../../../src/api/csv/record-splitter';
import { writeLine } from '../../../src/domain/csv/write-line';

function split(pieces: readonly string[], delimiter = ',') {
  const splitter = new RecordSplitter(delimiter, 1);
  const records = [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
  return { records, fault: splitter.fault, recordLine: splitter.recordLine, line: splitter.line };
}

/** The text in pieces of these lengths, again and again. */
function piecesOf(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = [];
  for (let at = 0, n = 0; at < text.length; n += 1) {
    const length = lengths[n % lengths.length]!;
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}

const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
const csvish = fc.string({
  unit: fc.constantFrom('"', '"', ',', ';', '\r', '\n', '\r\n', 'a', ' ', 'é', '😀', "'"),
  maxLength: 40,
});

describe('splitting a file into records', () => {
  it('reads what csv-parse reads, and refuses what it refuses, in pieces of any size', () => {
    fc.assert(
      fc.property(csvish, lengths, fc.constantFrom(',', ';', '\t'), (text, sizes, delimiter) => {
        const { records, fault } = split(piecesOf(text, sizes), delimiter);
        const read = () =>
          parse(text, {
            delimiter,
            relax_column_count: true,
            record_delimiter: ['\r\n', '\n', '\r'],
          });
        if (fault === null) expect(records.map(({ cells }) => cells)).toEqual(read());
        else expect(read).toThrow();
      }),
      { numRuns: 2_000 },
    );
  });

  it('returns every line as it was written, with the number of the line where it begins', () => {
    const cell = fc.string({
      unit: fc.constantFrom('"', ',', '\r', '\n', 'a', '\t'),
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 1 }), { minLength: 1 }),
        lengths,
        (rows, sizes) => {
          const lines = rows.map((row) => writeLine(row));
          const { records, fault } = split(piecesOf(lines.join(''), sizes));
          expect(fault).toBeNull();
          expect(records.map(({ cells }) => cells)).toEqual(rows);
          const before = (n: number) =>
            lines
              .slice(0, n)
              .join('')
              .split(/\r\n|\r|\n/).length;
          expect(records.map(({ line }) => line)).toEqual(rows.map((_, n) => before(n)));
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each<[string, string, string, number, string[][]]>([
    ['a quote in the middle of a cell', 'a\nb"c', 'stray-quote', 2, [['a']]],
    ['text after a quoted cell', 'a\n\n"b"c', 'stray-quote', 3, [['a'], ['']]],
    ['a quote that is never closed', 'a\n"b\nc\n\n', 'open-quote', 2, [['a']]],
    ['a line that never ends', `a\nb${'x'.repeat(2_000_000)}`, 'long-record', 2, [['a']]],
    ['a cell that never ends', `a\n"${'\n'.repeat(2_000_000)}`, 'long-record', 2, [['a']]],
    ['more cells than a spreadsheet has', `a\n${','.repeat(mostCells)}`, 'many-cells', 2, [['a']]],
  ])('ends at %s, and returns what is before it', (_, text, fault, recordLine, cells) => {
    const { records, ...ended } = split(piecesOf(text, [10_000]));
    expect(ended).toMatchObject({ fault, recordLine });
    expect(records.map((record) => record.cells)).toEqual(cells);
  });

  it('takes as many cells as a spreadsheet has', () => {
    const { records, fault } = split([`${','.repeat(mostCells - 1)}\n`]);
    expect([fault, records[0]!.cells.length]).toEqual([null, mostCells]);
  });

  it.each([',', ';', '\t', '|', '^', ']', '\\', '-', '.', '*'])(
    'takes %j as the delimiter',
    (delimiter) => {
      const { records } = split([`a${delimiter}b\n`], delimiter);
      expect(records).toEqual([{ line: 1, cells: ['a', 'b'] }]);
    },
  );
});
