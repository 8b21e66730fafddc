import { missedInWords, printTable } from '../../bench/print-table';

const met = {
  figure: 'planning',
  measured: '3.9 s',
  peer: 'the reads: 8.0 s',
  ratio: '0.49',
  goal: '≤ 4 s',
  isMet: true,
};
const missed = { ...met, figure: 'writing', measured: '5.1 s', isMet: false };
const unreached = { ...missed, measured: '–', unreached: 'reading took longer than 300 s.' };

describe('printTable', () => {
  it('aligns the columns and marks what was missed', () => {
    const lines = printTable([met, missed]);
    expect(lines.map((line) => line.indexOf('≤ 4 s')).slice(2)).toEqual([
      lines[0]?.indexOf('goal'),
      lines[0]?.indexOf('goal'),
    ]);
    expect(lines.slice(2).map((line) => line.split(/\s+/).at(-1))).toEqual(['ok', 'MISSED']);
  });
});

describe('missedInWords', () => {
  it('says nothing of figures that were met', () => {
    expect(missedInWords([met])).toEqual([]);
  });

  it('says what was missed, and why something was not measured', () => {
    expect(missedInWords([met, missed, unreached])).toEqual([
      'Missed: writing: 5.1 s, and the goal is ≤ 4 s.',
      'Not measured: writing: reading took longer than 300 s.',
    ]);
  });
});
