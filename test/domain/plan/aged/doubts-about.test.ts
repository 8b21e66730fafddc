import { doubtsAbout } from '../../../../src/domain/plan/aged/doubts-about';
import type { RefusedList } from '../../../../src/domain/watch/refused-list';

const refused = (list: string, name: string | null = null): RefusedList => ({
  list,
  name,
  refusal: 'drop',
  before: 16,
  now: 3,
  missing: 13,
});
const groups = [{ memberGroupIds: ['sales', 'inner'] }];

describe('lists in doubt about a plan', () => {
  it('R88 are those of groups whose members count in it, with both figures', () => {
    const lists = [
      refused('members:sales', 'Sales'),
      refused('members:inner'),
      refused('members:others'),
      refused('people'),
    ];
    expect(doubtsAbout(lists, groups)).toEqual([
      'The list of members of the group "Sales" shows 3 entries, and 13 of the 16 before are missing.',
      'The list of members of the group "inner" shows 3 entries, and 13 of the 16 before are missing.',
    ]);
  });

  it('R88 are named up to five, and counted beyond that', () => {
    const ids = Array.from({ length: 7 }, (_, i) => `g${i}`);
    const texts = doubtsAbout(
      ids.map((id) => refused(`members:${id}`)),
      [{ memberGroupIds: ids }],
    );
    expect(texts).toHaveLength(6);
    expect(texts.at(-1)).toBe('2 more lists are refused.');
  });
});
