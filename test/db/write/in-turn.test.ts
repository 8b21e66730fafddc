import { inTurn } from '../../../src/db/write/in-turn';

/** Work that goes on until it is ended, and a record of what has begun. */
function aCrowd(db = {}) {
  const began: string[] = [];
  const ends = new Map<string, { done: () => void; fail: (error: Error) => void }>();
  const ask = (name: string, rolloutId = 'one') =>
    inTurn(db, rolloutId, () => {
      began.push(name);
      return new Promise<string>((resolve, fail) => {
        ends.set(name, { done: () => resolve(name), fail });
      });
    });
  return { began, ends, ask };
}

/** Until everything that can happen by itself has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('inTurn', () => {
  it('lets three begin, and each that ends lets the next one begin, in the order of asking', async () => {
    const { began, ends, ask } = aCrowd();
    const all = ['a', 'b', 'c', 'd', 'e'].map((name) => ask(name));
    await settled();
    expect(began).toEqual(['a', 'b', 'c']);
    ends.get('b')?.done();
    expect(await all[1]).toBe('b');
    await settled();
    expect(began).toEqual(['a', 'b', 'c', 'd']);
    for (const name of ['a', 'c', 'd']) ends.get(name)?.done();
    await settled();
    ends.get('e')?.done();
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('keeps nobody of another rollout waiting, or of another database', async () => {
    const { began, ask } = aCrowd();
    for (const name of ['a', 'b', 'c', 'd']) void ask(name);
    void ask('other', 'two');
    const elsewhere = aCrowd();
    void elsewhere.ask('there');
    await settled();
    expect(began).toEqual(['a', 'b', 'c', 'other']);
    expect(elsewhere.began).toEqual(['there']);
  });

  it('gives the place of one that failed to the next, and tells nobody else', async () => {
    const { began, ends, ask } = aCrowd();
    const all = ['a', 'b', 'c', 'd'].map((name) => ask(name));
    await settled();
    ends.get('a')?.fail(new Error('away'));
    await expect(all[0]).rejects.toThrow('away');
    await settled();
    expect(began).toEqual(['a', 'b', 'c', 'd']);
    for (const name of ['b', 'c', 'd']) ends.get(name)?.done();
    expect(await Promise.all(all.slice(1))).toEqual(['b', 'c', 'd']);
    void ask('later');
    await settled();
    expect(began.at(-1)).toBe('later');
  });
});
