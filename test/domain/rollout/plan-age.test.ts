import { staleness } from '../../../src/domain/rollout/plan-age';

const age = { left: 40, differing: 6, changed: [], doubts: [], impossible: null };

describe('a plan that has aged', () => {
  it.each([
    [0, 0, false],
    [5, 5, false],
    [6, 6, true],
    [6, 59, true],
    [6, 60, false],
    [7, 60, true],
    [10_000, 100_000, false],
    [10_001, 100_000, true],
  ])('R101 with %d of %d users decided differently, is stale: %s', (differing, left, expected) => {
    expect(staleness({ ...age, differing, left }) !== null).toBe(expected);
  });

  it('R101 says how many differ and what has changed', () => {
    expect(staleness({ ...age, changed: ['Template "Sales" has ended.'] })).toBe(
      'The plan is out of date: 6 of 40 users who are left would be decided differently today. Since planning: Template "Sales" has ended. Plan it again.',
    );
  });

  it('R88 R101 says which lists are in doubt, and what ends that', () => {
    const doubts = [
      'The list of members of the group "Sales" shows 3 entries, and 13 of the 16 before are missing.',
    ];
    expect(staleness({ ...age, doubts })).toBe(
      'The plan is out of date: 6 of 40 users who are left would be decided differently today. ' +
        'The list of members of the group "Sales" shows 3 entries, and 13 of the 16 before are missing. ' +
        'What the plan removes waits until two checks agree about that or an administrator accepts the list, or plan it again.',
    );
  });

  it('R101 a plan that could not be made any more is stale even for one user', () => {
    const impossible = 'Template t no longer exists';
    expect(staleness({ ...age, left: 1, differing: 0, impossible })).toBe(
      'The plan is out of date: Template t no longer exists.',
    );
    expect(staleness({ ...age, left: 0, differing: 0, impossible })).toBeNull();
  });
});
