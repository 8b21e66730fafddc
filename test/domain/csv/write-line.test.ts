import { writeLine } from '../../../src/domain/csv/write-line';

describe('a line of a CSV file', () => {
  it.each<[string[], string]>([
    [['a', 'b'], 'a,b'],
    [['a', ''], 'a,'],
    [['a,b', 'c;d', 'e\tf'], '"a,b","c;d","e\tf"'],
    [['say "so"'], '"say ""so"""'],
    [['a\nb', 'c\rd'], '"a\nb","c\rd"'],
  ])('R71 of %j quotes what a reader could split', (cells, line) => {
    expect(writeLine(cells)).toBe(`${line}\r\n`);
  });

  it('accepts another delimiter', () => {
    expect(writeLine(['a', 'b,c'], ';')).toBe('a;"b,c"\r\n');
  });
});
