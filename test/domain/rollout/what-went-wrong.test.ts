import { outcomes, type Outcome } from '../../../src/domain/model/outcome';
import {
  afterNotFound,
  failureOutcomes,
  failuresIn,
  isFailure,
  isHarmless,
  whatWentWrong,
  type Verdict,
} from '../../../src/domain/rollout/what-went-wrong';

describe('what went wrong for a user', () => {
  it.each<[Outcome, Verdict]>([
    ['failed', 'failure'],
    ['partial', 'failure'],
    ['unconverged', 'failure'],
    ['converged', 'harmless'],
    ['unchanged', 'harmless'],
    ['waiting-for-seat', 'harmless'],
    ['host-pending', 'harmless'],
    ['blocked', 'harmless'],
    ['withheld', 'harmless'],
    ['excluded', 'harmless'],
    ['superseded', 'harmless'],
    ['conflict', 'harmless'],
    ['gone', 'harmless'],
    ['planned', 'open'],
    ['applied', 'open'],
  ])('R94 %s is %s', (outcome, verdict) => {
    expect(whatWentWrong(outcome)).toBe(verdict);
    expect(isFailure(outcome)).toBe(verdict === 'failure');
    expect(isHarmless(outcome)).toBe(verdict === 'harmless');
  });

  it('R94 counts every outcome once, as a failure or not', () => {
    const one = Object.fromEntries(outcomes.map((outcome) => [outcome, 1]));
    expect(failuresIn(one)).toBe(failureOutcomes.length);
    expect(failuresIn({ failed: 2, partial: 3, unconverged: 4, gone: 50, conflict: 60 })).toBe(9);
    expect(failuresIn({})).toBe(0);
  });
});

describe('a write that was answered with "not found"', () => {
  it.each([
    ['shown', 'failed'],
    ['unanswered', 'failed'],
    ['not-found', 'gone'],
  ] as const)('R94 where the read by id says %s, the user is %s', (read, outcome) => {
    expect(afterNotFound(read, { gone: 1, of: 1 })).toBe(outcome);
  });

  it.each([
    [5, 5, 'gone'],
    [6, 12, 'failed'],
    [6, 60, 'gone'],
    [7, 60, 'failed'],
    [100, 1_000, 'gone'],
    [101, 1_000, 'failed'],
  ] as const)(
    'R88 R94 the %ith of %i whom reads do not show any more is %s',
    (gone, of, outcome) => {
      expect(afterNotFound('not-found', { gone, of })).toBe(outcome);
    },
  );
});
