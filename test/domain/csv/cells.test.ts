import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import {
  delimiterOf,
  readCell,
  readFlag,
  isSameText,
  writeCell,
} from '../../../src/domain/csv/cells';
import { byteOrderMark, writeLine } from '../../../src/domain/csv/write-line';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '\n', '"', ',', ';', 'a'),
  }),
);

describe('cells', () => {
  it('R71 come back as they were, whatever their text', () => {
    fc.assert(
      fc.property(hostile, (text) => expect(readCell(writeCell(text))).toBe(text)),
      { numRuns: 5_000 },
    );
  });

  it('R71 come back as they were through a whole file', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hostile, hostile), { minLength: 1 }), (rows) => {
        const lines = rows.map((row) => writeLine(['x', ...row.map(writeCell)]));
        const file = byteOrderMark + lines.join('');
        const read: string[][] = parse(file, {
          bom: true,
          record_delimiter: ['\r\n', '\n', '\r'],
        });
        expect(read.map(([, ...cells]) => cells.map(readCell))).toEqual(rows);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['=1+1', '+4930', '-2', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', "'=1", "''+1"])(
    'R71 never begin like a formula: %j',
    (text) => {
      expect(writeCell(text)).toBe(`'${text}`);
      expect(writeCell(text)).toMatch(/^'/);
    },
  );

  it.each(['Ada', "O'Neill", "'Ana", 'a=b', '', ' =1'])(
    'R71 are written unchanged otherwise: %j',
    (text) => {
      expect(writeCell(text)).toBe(text);
    },
  );

  it.each<[string, boolean | null | undefined]>([
    ['TRUE', true],
    ['true', true],
    [' True ', true],
    ['WAHR', true],
    ['FALSE', false],
    ['False', false],
    ['FALSCH', false],
    ['FAUX', false],
    ['', null],
    ['  ', null],
    ['yes', undefined],
    ['1', true],
    [' 0 ', false],
    ['2', undefined],
    ['TRUE.', undefined],
  ])('R71 R73 reads %j as %s', (cell, flag) => {
    expect(readFlag(cell)).toBe(flag);
  });

  it('R74 blanks and line ends are no edit', () => {
    expect(isSameText('Ada\r\n Lovelace ', 'Ada Lovelace')).toBe(true);
    expect(isSameText('Zoe\u0301', 'Zo\u00e9')).toBe(true);
    expect(isSameText('ada lovelace', 'Ada Lovelace')).toBe(false);
  });

  it.each([
    ['a,b;c,d', ','],
    ['a;b;c,d', ';'],
    ['"a,b,c,d";e;f', ';'],
    ['a\tb', '\t'],
    ['a', ','],
  ])('R71 finds the delimiter of %j', (line, delimiter) => {
    expect(delimiterOf(line)).toBe(delimiter);
  });
});
