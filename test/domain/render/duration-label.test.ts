import { durationLabel } from '../../../src/domain/render/duration-label';

describe('a duration', () => {
  it.each([
    [0.4, '1 s'],
    [90, '90 s'],
    [600, '10 min'],
    [7_200, '2 h'],
    [11_520, '3 h 12 min'],
  ])('of %d seconds is %s', (seconds, expected) => {
    expect(durationLabel(seconds)).toBe(expected);
  });
});
