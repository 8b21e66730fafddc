import { z } from 'zod';
import { Problem } from '../../../src/api/http/problem';
import { countZodFaults, pointerOf, zodFaults } from '../../../src/api/http/zod-faults';
import { isUnstorableText, unstorableFaults } from '../../../src/api/http/body/unstorable-text';

const size = z.union([
  z.strictObject({ count: z.int().min(1) }),
  z.strictObject({ percent: z.number().max(100) }),
]);
const schema = z.strictObject({ size, pilot: z.union([z.strictObject({ a: z.int() }), z.null()]) });

function faults(input: unknown): (string | undefined)[][] {
  const parsed = schema.safeParse(input);
  if (parsed.success) return [];
  return zodFaults(parsed.error, input, 'body').map(({ pointer, code }) => [pointer, code]);
}

describe('faults of a body', () => {
  it.each<[unknown, (string | undefined)[][]]>([
    [{ size: { percent: 200 }, pilot: null }, [['/size/percent', 'out-of-range']]],
    [{ size: { count: 0 }, pilot: null }, [['/size/count', 'out-of-range']]],
    [{ size: 5, pilot: null }, [['/size', 'wrong-type']]],
    [{ pilot: null }, [['/size', 'required']]],
    [{ size: { count: 1 }, pilot: { a: 'x' } }, [['/pilot/a', 'wrong-type']]],
    [{ size: { count: 1 }, pilot: 7 }, [['/pilot', 'wrong-type']]],
    [{ size: { count: 1 }, pilot: null }, []],
  ])('of %j point into the shape that it came closest to', (input, expected) => {
    expect(faults(input)).toEqual(expected);
  });

  it('names every unknown field on its own', () => {
    expect(faults({ size: { count: 1 }, pilot: null, x: 1, 'a/b~c': 2 })).toEqual([
      ['/x', 'unknown-field'],
      ['/a~1b~0c', 'unknown-field'],
    ]);
  });
});

describe('a body of very many faults', () => {
  it('lists the first 100 and counts them all', () => {
    const keys = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}`, n]));
    const { error } = z.strictObject({}).safeParse(keys);
    expect(zodFaults(error!, keys, 'body')).toHaveLength(100);
    expect(countZodFaults(error!)).toBe(5_000);

    const items = Array.from({ length: 3_000 }, () => 'x');
    const { error: other } = z.array(z.int()).safeParse(items);
    expect(zodFaults(other!, items, 'body')).toHaveLength(100);
    expect(countZodFaults(other!)).toBe(3_000);
  });

  it('lists the first 100 of a value that can have several shapes', () => {
    const shapes = z.union([
      z.strictObject({ a: z.array(z.int()) }),
      z.strictObject({ b: z.int() }),
    ]);
    const body = { a: Array.from({ length: 200_000 }, () => 'x') };
    const { error } = shapes.safeParse(body);
    const listed = zodFaults(error!, body, 'body');
    expect([listed.length, listed[0]!.pointer]).toEqual([100, '/a/0']);
  });

  it('does not repeat a long name whole', () => {
    const long = { ['x'.repeat(100_000)]: 1 };
    const { error } = z.strictObject({}).safeParse(long);
    expect(JSON.stringify(zodFaults(error!, long, 'body')).length).toBeLessThan(1_000);
  });

  it('is cut in every problem, whoever found the faults', () => {
    const errors = Array.from({ length: 101 }, () => ({ code: 'x', detail: 'y' }));
    const sent = new Problem('invalid-template', 'z', { errors }).toJson('/');
    expect(sent).toMatchObject({ totalErrors: 101 });
    expect(sent.errors).toHaveLength(100);
    const few = new Problem('invalid-template', 'z', { errors: errors.slice(1) }).toJson('/');
    expect(few.errors).toHaveLength(100);
    expect(few).not.toHaveProperty('totalErrors');
  });
});

describe('the sentence of a limit', () => {
  it.each([
    [z.int().min(1), 0, 'This must be at least 1.'],
    [z.number().positive(), 0, 'This must be more than 0.'],
    [z.number().max(100), 200, 'This must be at most 100.'],
    [z.number().lt(5), 5, 'This must be less than 5.'],
    [z.string().min(1), '', 'This must have at least 1 character.'],
    [z.string().max(2), 'abc', 'This must have at most 2 characters.'],
    [z.array(z.string()).min(2), ['a'], 'This must have at least 2 items.'],
  ])('of %j for %j', (limited, input, sentence) => {
    const { error } = limited.safeParse(input);
    expect(zodFaults(error!, input, 'body').map(({ detail }) => detail)).toEqual([sentence]);
  });

  it('calls what is unknown by its place: a field of a body, a parameter of a query', () => {
    const { error } = z.strictObject({}).safeParse({ chnged: 'true' });
    const details = (where: 'body' | 'query') =>
      zodFaults(error!, { chnged: 'true' }, where).map(({ detail }) => detail);
    expect(details('body')).toEqual(['"chnged" is not a known field.']);
    expect(details('query')).toEqual(['"chnged" is not a known parameter.']);
  });
});

describe('a JSON pointer', () => {
  it.each([
    [[], ''],
    [['a', 0, 'b'], '/a/0/b'],
    [['a/b', 'c~d'], '/a~1b/c~0d'],
  ])('of %j is "%s"', (path, pointer) => expect(pointerOf(path)).toBe(pointer));
});

describe('text that PostgreSQL cannot keep', () => {
  it.each([
    ['plain', false],
    ['emoji 😀', false],
    ['a\0b', true],
    ['\ud83d', true],
    ['\ude00', true],
  ])('%j: %s', (text, expected) => expect(isUnstorableText(text)).toBe(expected));

  it('is found wherever it hangs', () => {
    expect(unstorableFaults({ a: ['x', { b: '\0' }], c: 1 }, 'body')).toMatchObject([
      { pointer: '/a/1/b' },
    ]);
  });
});
