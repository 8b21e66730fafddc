import { memoized } from '../../../src/domain/model/memoized';

describe('a memoized function', () => {
  it('is computed once per key', () => {
    const compute = jest.fn((n: number) => [n]);
    const isOdd = memoized((n: number) => String(n % 2), compute);
    expect([isOdd(1), isOdd(3), isOdd(2)]).toEqual([[1], [1], [2]]);
    expect(compute).toHaveBeenCalledTimes(2);
  });

  it('forgets everything when it has kept 5,000 results', () => {
    const compute = jest.fn((n: number) => [n]);
    const same = memoized(String, compute);
    for (let n = 0; n <= 5_000; n += 1) same(n);
    same(5_000);
    expect(compute).toHaveBeenCalledTimes(5_001);
    same(0);
    expect(compute).toHaveBeenCalledTimes(5_002);
  });
});
