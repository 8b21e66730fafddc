import { refusalText, type RefusedList } from '../../../src/domain/watch/refused-list';

function refused(more: Partial<RefusedList>): string {
  const people = { list: 'people', name: null, refusal: 'drop' } as const;
  return refusalText({ ...people, before: 301, now: 100, missing: 201, ...more });
}

describe('refusalText', () => {
  it.each<[Partial<RefusedList>, string]>([
    [{}, 'The list of people shows 100 entries, and 201 of the 301 before are missing'],
    [
      { now: 0, missing: 301, refusal: 'empty' },
      'The list of people is empty, and 301 of the 301 before are missing',
    ],
    [
      { list: 'members:abc', name: 'Sales' },
      'The list of members of the group "Sales" shows 100 entries, and 201 of the 301 before are missing',
    ],
    [
      { list: 'members:abc', refusal: 'incomplete' },
      'The list of members of the group "abc" is incomplete: it shows 100 of 301',
    ],
    [
      { list: 'holders:abc', name: 'Messaging', refusal: 'other-source' },
      'The list of users who hold Messaging shows 100 entries, and 201 of the 301 before are missing, although as many units are in use',
    ],
  ])('R88 gives both figures', (more, text) => {
    expect(refused(more)).toBe(text);
  });
});
