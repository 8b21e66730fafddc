import { doubtOf, doubtOfPart, doubtsInOneLine } from '../../../src/domain/watch/member-drop';

describe('doubtOf', () => {
  it.each([
    // before, now, percent believed, doubted
    [240, 12, 50, true],
    [240, 120, 50, false],
    [240, 119, 50, true],
    [240, 0, 99, true],
    [240, 0, 100, false],
    [240, 236, 0, false],
    [240, 235, 0, true],
    [4, 0, 50, false],
    [5, 0, 50, true],
    [0, 0, 50, false],
    [0, 900, 50, false],
    [240, 900, 50, false],
  ])(
    'R33 of %d members %d are left, %d %% is believed: doubted %s',
    (before, now, percent, isDoubted) => {
      const doubt = doubtOf({ displayName: 'Sales', before, now, maxMemberDropPercent: percent });
      expect(doubt !== null).toBe(isDoubted);
    },
  );

  it('R33 shows the figures', () => {
    const drop = { displayName: 'Sales', before: 240, now: 12, maxMemberDropPercent: 50 };
    expect(doubtOf(drop)).toMatch(/^Group "Sales": 12 of 240 members are left.* a drop of 95 %/);
    expect(doubtOfPart('Sales', { shown: 12, promised: 240 })).toBe(
      'Group "Sales": only 12 of 240 members could be read',
    );
  });
});

describe('doubtsInOneLine', () => {
  it.each([
    [1, 'g1'],
    [3, 'g1; g2; 1 more group'],
    [5, 'g1; g2; 3 more groups'],
  ])('names the first of %d groups', (count, line) => {
    const doubtful = Array.from({ length: count }, (_, i) => ({
      groupId: '',
      reason: `g${i + 1}`,
    }));
    expect(doubtsInOneLine(doubtful, 2)).toBe(line);
  });
});
