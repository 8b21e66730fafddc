import { shardWindow } from '../../../src/domain/rollout/shard-window';

describe('the window of a shard', () => {
  it.each([
    ['the whole window where no limit is known', null, 2, 50],
    ['all places where it writes alone', 4, 1, 4],
    ['half of them where two write', 4, 2, 2],
    ['half of the places where nothing says how many write', 4, undefined, 2],
    ['one where there is none: its question finds out that the rollout must halt', 0, 2, 1],
    ['never more than the window', 10_001, 2, 50],
  ])('R96 is %s', (_, places, shards, expected) => {
    expect(shardWindow(places, { shards, largest: 50 })).toBe(expected);
  });
});
