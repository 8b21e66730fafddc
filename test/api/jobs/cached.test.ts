import { cached } from '../../../src/api/jobs/cached';

describe('a cached question', () => {
  it('is asked once for askers at one time, and again when its answer is old', async () => {
    let now = 0;
    let asked = 0;
    const ask = cached(
      1_000,
      (key) => Promise.resolve(`${key}${(asked += 1)}`),
      () => now,
    );
    expect(await Promise.all([ask('a'), ask('a'), ask('b')])).toEqual(['a1', 'a1', 'b2']);
    now = 999;
    expect(await ask('a')).toBe('a1');
    now = 1_000;
    expect(await ask('a')).toBe('a3');
  });

  it('that failed is asked again', async () => {
    let isBroken = true;
    const ask = cached(1_000, () =>
      isBroken ? Promise.reject(new Error('broken')) : Promise.resolve('fine'),
    );
    await expect(ask('a')).rejects.toThrow('broken');
    isBroken = false;
    expect(await ask('a')).toBe('fine');
  });
});
