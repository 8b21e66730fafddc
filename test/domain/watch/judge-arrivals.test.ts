import { judgeArrivals } from '../../../src/domain/watch/judge-arrivals';

describe('judgeArrivals', () => {
  it.each([
    ['as many as the flood limit', 100, 0, null],
    ['one more than the flood limit', 101, 0, 'flood'],
    ['five who were created before the baseline', 5, 5, null],
    ['six who were created before the baseline', 6, 6, 'old-arrivals'],
    ['six of many who were created before the baseline', 80, 6, 'old-arrivals'],
    ['more than the flood limit, all of them old', 201, 201, 'flood'],
    ['nobody', 0, 0, null],
  ] as const)('R88 %s', (_, users, createdBeforeBaseline, doubt) => {
    expect(judgeArrivals({ users, createdBeforeBaseline }, 100)).toBe(doubt);
  });
});
