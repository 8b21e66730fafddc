import { at } from '../../../../src/domain/model/at';
import {
  counted,
  digits,
  excerpt,
  firstFew,
  quoted,
} from '../../../../src/domain/model/text/wording';

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

describe('digits', () => {
  it.each([
    [999, '999'],
    [20_000, '20,000'],
  ])('of %d are %s', (n, text) => {
    expect(digits(n)).toBe(text);
  });
});

describe('a piece of a text', () => {
  const grin = '\u{1f600}';

  it.each([
    ['a'.repeat(9), 5, 'aaaaa'],
    [`abcd${grin}`, 5, 'abcd'],
    [`abc${grin}`, 5, `abc${grin}`],
    ['a\u0000b', 5, 'a\ufffdb'],
  ])('%j of at most %d characters can be stored', (text, most, expected) => {
    expect(excerpt(text, most)).toBe(expected);
  });

  it.each([
    ['  a \n b ', '"a b"'],
    ['a\u0000b', '"a\ufffdb"'],
    ['x'.repeat(81), `"${'x'.repeat(80)}…"`],
    [`${'x'.repeat(79)}${grin}y`, `"${'x'.repeat(79)}…"`],
    [' '.repeat(2_000), '"…"'],
  ])('%j is quoted as %j', (text, expected) => {
    expect(quoted(text)).toBe(expected);
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
