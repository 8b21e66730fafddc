import { doubtOfPart, doubtsInOneLine } from '../../../src/domain/watch/member-drop';

describe('doubtOfPart', () => {
  it('R33 shows the figures', () => {
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
