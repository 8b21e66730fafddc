import { retryAt } from '../../../src/domain/watch/retry';

const foundAt = new Date('2026-05-01T12:00:00Z');
const at = (minutes: number) => new Date(foundAt.getTime() + minutes * 60_000);
const day = 24 * 60;

describe('when a failed write for one user is tried again', () => {
  it.each<[string, number, number, number | null]>([
    ['after the first failure, at the next check', 1, 1, 1],
    ['then after 15 minutes', 2, 6, 21],
    ['then after an hour', 3, 25, 85],
    ['then after four hours', 4, 90, 330],
    ['and every four hours', 7, 1_000, 1_240],
    ['up to a day', 8, day - 240, day],
    ['and not after it: a person has to act', 8, day - 239, null],
    ['even if checks were late', 1, day + 1, null],
  ])('R100 %s', (_, attempts, now, next) => {
    const retried = retryAt({ foundAt, attempts }, at(now));
    expect(retried).toEqual(next === null ? null : at(next));
  });

  it.each<[string, number, { now: number; believed: number }, number | null]>([
    ['once more, though a day has passed', 1, { now: day + 60, believed: day + 5 }, day + 60],
    ['not while its answer is believed', 1, { now: 60, believed: day }, day],
    ['never a third time', 2, { now: 2 * day, believed: 2 * day }, null],
    ['never after other failures of a whole day', 4, { now: 2 * day, believed: day }, null],
  ])('R100 R80a a write that no read showed is made %s', (_, attempts, { now, believed }, next) => {
    const retried = retryAt({ foundAt, attempts, believedUntil: at(believed) }, at(now));
    expect(retried).toEqual(next === null ? null : at(next));
  });
});
