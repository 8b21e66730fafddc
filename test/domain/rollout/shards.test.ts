import type { PlanStep, PlanWave } from '../../../src/domain/plan/plan-summary';
import {
  mergeSteps,
  reportEvery,
  shardsOf,
  workflowCost,
} from '../../../src/domain/rollout/shards';

/** What Temporal takes from one workflow. */
const server = { events: 51_200, signals: 10_000 };

/** Waves of steps with these sizes, one row after another. */
function wavesOf(...sizes: number[][]): PlanWave[] {
  let last = 0;
  return sizes.map((steps, i) => {
    const ranges = steps.map((users, step): PlanStep => {
      const fromSeq = last + 1;
      last += users;
      return { step, fromSeq, toSeq: last };
    });
    const users = steps.reduce((sum, size) => sum + size, 0);
    return { wave: i + 1, users, soakSeconds: 0, steps: ranges };
  });
}

const repeated = <T>(times: number, item: T): T[] => Array.from({ length: times }, () => item);

/** Sizes of the merged steps, and which of them hold several. */
function merged(sizes: number[], waves = 1): [number, boolean][] {
  return mergeSteps(wavesOf(sizes)[0]!, waves).map(({ fromSeq, toSeq, lastStep }) => [
    toSeq - fromSeq + 1,
    lastStep !== undefined,
  ]);
}

describe('mergeSteps', () => {
  it.each([
    ['one step stays', [30], [[30, false]]],
    ['small steps share a range', [1, 1, 2], [[4, true]]],
    [
      'a large step stays alone',
      [1, 1, 100, 1],
      [
        [2, true],
        [100, false],
        [1, false],
      ],
    ],
    [
      'large steps stay apart',
      [100, 200],
      [
        [100, false],
        [200, false],
      ],
    ],
  ])('R46 %s', (_, sizes, expected) => {
    expect(merged(sizes)).toEqual(expected);
  });

  it('takes for large what is a share of its wave, the more waves the larger', () => {
    expect(merged(repeated(4, 1_000), 2)).toHaveLength(4);
    expect(merged(repeated(4, 1_000), 100)).toEqual([[4_000, true]]);
  });

  it('loses no row, keeps their order, and changes nothing the second time', () => {
    const [wave] = wavesOf([1, 150, 3, 3, 200, 1, 1]) as [PlanWave];
    const steps = mergeSteps(wave, 1);
    expect(steps.map(({ fromSeq }) => fromSeq)).toEqual([1, 2, 152, 158, 358]);
    expect(steps.at(-1)).toMatchObject({ toSeq: 359, step: 5, lastStep: 6 });
    expect(mergeSteps({ ...wave, steps }, 1)).toEqual(steps);
  });
});

describe('shardsOf', () => {
  it.each([
    [{ step: 0, fromSeq: 1, toSeq: 99 }, [[1, 99]]],
    [
      { step: 0, fromSeq: 1, toSeq: 100 },
      [
        [1, 50],
        [51, 100],
      ],
    ],
    [{ step: 0, lastStep: 3, fromSeq: 1, toSeq: 500 }, [[1, 500]]],
  ])('divides %j into %j', (step, expected) => {
    expect(shardsOf(step).map(({ fromSeq, toSeq }) => [fromSeq, toSeq])).toEqual(expected);
  });
});

describe('reportEvery', () => {
  it.each([
    ['a small shard', 60, 60, 1, 10],
    ['a large shard', 500, 1_000, 1, 40],
    ['one wave of a million', 500_000, 1_000_000, 1, 2_500],
    ['one of a hundred waves', 5_000, 10_000, 100, 2_500],
    ['one of more waves than leave room for reports', 500, 1_000, 200, 1_000],
  ])('of %s', (_, users, waveUsers, waves, every) => {
    expect(reportEvery({ fromSeq: 1, toSeq: users }, waveUsers, waves)).toBe(every);
  });
});

describe('workflowCost', () => {
  const swap = (steps: number) => [repeated(steps, 1)];
  it.each([
    ['1,000,000 users in one wave', [[1_000_000]]],
    ['1,000,000 users in 100 waves', repeated(100, [10_000])],
    ['1,000,000 users in 1,000 steps in each of 100 waves', repeated(100, repeated(1_000, 10))],
    ['two full pools that swap 10,000 users through one free unit', swap(10_000)],
    ['the same with 1,000,000 users', swap(1_000_000)],
    ['large and small steps in turn', [repeated(5_000, [100, 1]).flat()]],
    ['large and small steps in turn, in 100 waves', repeated(100, repeated(50, [199, 1]).flat())],
    ['100 waves of one large step among small ones', repeated(100, [1, 4_000, 1, 4_000, 1])],
  ])('leaves half of what Temporal takes to the actions of people: %s', (_, sizes) => {
    const { events, reports } = workflowCost(wavesOf(...sizes));
    expect(events).toBeLessThan(server.events / 2);
    expect(reports).toBeLessThan(server.signals / 2);
  });

  it.each([
    ['in 100 waves', repeated(100, [10_000])],
    ['in 100 waves after a pilot', [[10_000], ...repeated(100, [9_900])]],
    ['in 26 waves', repeated(26, [38_461])],
    ['in one wave', [[1_000_000]]],
  ])('keeps the events of 1,000,000 users under 10,000, signals among them: %s', (_, sizes) => {
    const { events, reports } = workflowCost(wavesOf(...sizes));
    expect(events).toBeLessThan(10_000);
    // Temporal shows where a wave is.
    expect(reports).toBeGreaterThanOrEqual(2 * sizes.length);
  });

  it('counts every shard and every report', () => {
    expect(workflowCost(wavesOf([60], [200]))).toEqual({
      shards: 3,
      // 6 of the first wave, 2 of each shard of the second.
      reports: 6 + 2 * 2,
      events: 150 + 2 * 60 + 3 * 9 + 10 * 4,
    });
  });
});
