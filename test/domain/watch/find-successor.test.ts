import { findSuccessor, type AppearedGroup } from '../../../src/domain/watch/find-successor';

const sales = { displayName: 'Sales', members: 50 };
const group = (groupId: string, displayName: string, shared: number): AppearedGroup => ({
  groupId,
  displayName,
  shared,
});

describe('the successor of a group that has vanished', () => {
  it.each<[string, AppearedGroup[], string | null]>([
    ['made again: same name, same members', [group('b', 'Sales', 50)], 'b'],
    ['made again, and not filled yet', [group('b', 'Sales', 0)], 'b'],
    ['the name in another spelling', [group('b', ' SALES ', 3)], 'b'],
    ['renamed, with 80 % of the members', [group('b', 'Selling', 40)], 'b'],
    ['another group with fewer', [group('b', 'Selling', 39)], null],
    ['the name counts before the members', [group('b', 'Staff', 50), group('c', 'Sales', 1)], 'c'],
    [
      'of namesakes the one with most members',
      [group('b', 'Sales', 1), group('c', 'Sales', 9)],
      'c',
    ],
    ['and else the first id', [group('c', 'Sales', 1), group('b', 'Sales', 1)], 'b'],
    ['nothing has appeared', [], null],
  ])('R90 %s', (_, appeared, successor) => {
    expect(findSuccessor(sales, appeared)?.groupId ?? null).toBe(successor);
  });

  it('R90 a group without members is replaced only by its name', () => {
    const empty = { displayName: 'Sales', members: 0 };
    expect(findSuccessor(empty, [group('b', 'Selling', 0)])).toBeNull();
    expect(findSuccessor(empty, [group('b', 'Sales', 0)])?.groupId).toBe('b');
  });
});
