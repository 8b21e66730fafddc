import fc from 'fast-check';
import { shapeFault } from '../../../../src/api/http/body/body-shape';

const shapeOf = (json: string) => shapeFault(Buffer.from(json))?.detail ?? null;
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const fields = (n: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, 1])));
const values = (n: number) => JSON.stringify(Array.from({ length: n }, () => 1));

const tooManyValues = 'A body can have at most 100,000 values.';
const tooManyFields = 'A body can have at most 10,000 fields.';
const tooDeep = 'Values can be at most 64 levels inside each other.';

describe('the shape of a body', () => {
  it.each<[string, string, string | null]>([
    ['nothing', '', null],
    ['a number', '5', null],
    ['most values', values(99_999), null],
    ['more values', values(100_000), tooManyValues],
    ['empty lists', `[${'[],'.repeat(100_000)}[]]`, tooManyValues],
    ['most fields', fields(10_000), null],
    ['more fields', fields(10_001), tooManyFields],
    ['the same field again and again', `{${'"a":1,'.repeat(10_001)}"a":1}`, tooManyFields],
    ['fields of many objects', `[${'{"a":1},'.repeat(10_001)}1]`, tooManyFields],
    ['64 levels', nested(64), null],
    ['65 levels', nested(65), tooDeep],
    ['levels that never end', '['.repeat(1_000_000), tooDeep],
    ['levels of fields', `${'{"a":'.repeat(65)}1`, tooDeep],
    ['a text of commas and colons', JSON.stringify(',:'.repeat(100_000)), null],
    ['a text of brackets and quotes', JSON.stringify('["{\\'.repeat(100_000)), null],
    ['a text that never ends', `"${'\\'.repeat(100_001)}`, null],
  ])('of %s', (_, json, expected) => {
    expect(shapeOf(json)).toBe(expected);
  });

  it('is the one that the parsed value has', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.integer({ min: 0, max: 80 }), (json, more) => {
        const wrapped = `${'['.repeat(more)}${json}${']'.repeat(more)}`;
        const deepest = (value: unknown): number =>
          typeof value === 'object' && value !== null
            ? Object.values(value).reduce<number>((most, one) => Math.max(most, deepest(one)), 0) +
              1
            : 0;
        expect(shapeOf(wrapped)).toBe(deepest(JSON.parse(wrapped)) > 64 ? tooDeep : null);
      }),
    );
  });
});
