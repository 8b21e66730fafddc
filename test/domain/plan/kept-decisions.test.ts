import type { Decision } from '../../../src/domain/decide/decision';
import { createKeptDecisions } from '../../../src/domain/plan/survey/kept-decisions';

const aDecision = (): Decision => ({
  wants: [],
  losses: [],
  kept: [],
  blocked: [],
  removalsWait: false,
});
const before = { licenses: [], attendeeSites: null };

describe('decisions kept between the passes', () => {
  it('have one number each, and are no more than so many', () => {
    const kept = createKeptDecisions(2);
    const [first, second, third] = [aDecision(), aDecision(), aDecision()];
    const numbers = [first, second, first, third, second].map((one) => kept.numberOf(one, before));
    expect(numbers).toEqual([0, 1, 0, null, 1]);
    expect(kept.decisions.map(({ decision }) => decision)).toEqual([first, second]);
  });
});
