import { readStat } from '../../bench/world/processor-time';

describe('readStat', () => {
  it('reads the parent and all processor time behind a name with spaces and parentheses', () => {
    const line =
      '4711 (a (b) c) S 42 4711 4711 0 -1 4194560 900 800 0 0 150 50 25 75 20 0 1 0 12345 1000 100\n';
    expect(readStat(line)).toEqual({ parent: 42, seconds: 3 });
  });
});
