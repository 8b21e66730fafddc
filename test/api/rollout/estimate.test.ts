import fc from 'fast-check';
import { planSeconds, secondsLeft } from '../../../src/api/rollout/estimate';
import { summary } from '../../support/api/seed';

const wave = (number: number, users: number, soakSeconds: number) => ({
  wave: number,
  users,
  soakSeconds,
  steps: [],
});
const plan = { ...summary, waves: [wave(0, 10, 60), wave(1, 90, 0), wave(2, 900, 30)] };

describe('the estimated time of a plan', () => {
  it('is that of its writes at the pace in force, and of its soaks', () => {
    expect(planSeconds(plan, 5)).toBe(1_000 / 5 + 90);
  });

  it.each([
    [null, 1_000, 290],
    [0, 1_000, 290],
    [1, 990, 228],
    [2, 0, 30],
  ])('left in wave %s with %i unwritten is %i s', (current, unwritten, seconds) => {
    const state = { summary: plan, wave: current, unwritten, writesPerSecond: 5 };
    expect(secondsLeft(state)).toBe(seconds);
  });

  it('is never longer at a higher pace', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 100, noNaN: true }), (rate) => {
        expect(planSeconds(plan, rate * 2)).toBeLessThanOrEqual(planSeconds(plan, rate));
      }),
    );
  });
});
