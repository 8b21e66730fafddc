import { at } from '../../../src/domain/model/at';
import { counted, firstFew } from '../../../src/domain/model/wording';

describe('counted', () => {
  it.each([
    [0, 'user', undefined, '0 users'],
    [1, 'user', undefined, '1 user'],
    [2, 'user', undefined, '2 users'],
    [2, 'person', 'people', '2 people'],
  ])('says %d of "%s"', (n, singular, plural, text) => {
    expect(counted(n, singular, plural)).toBe(text);
  });
});

describe('firstFew', () => {
  it.each([
    [['a'], 2, 1, 'a'],
    [['a', 'b'], 2, 2, 'a, b'],
    [['a', 'b', 'c'], 2, 3, 'a, b and 1 more'],
    [['a', 'b'], 2, 9, 'a, b and 7 more'],
  ])('of %j shows %d of %d', (names, most, total, text) => {
    expect(firstFew(names, most, total)).toBe(text);
  });
});

describe('at', () => {
  it('returns the element', () => {
    expect(at([5, 6], 1)).toBe(6);
  });

  it('throws where there is none, and names what was looked for', () => {
    expect(() => at([5], 7, 'pool')).toThrow('There is no pool 7');
  });
});
