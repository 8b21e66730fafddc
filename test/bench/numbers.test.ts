import { digits, mebibytes, median, percent, percentile } from '../../bench/numbers';

const upTo = (last: number) => Array.from({ length: last }, (_, at) => last - at);

describe('percentile', () => {
  it.each([
    [upTo(100), 0.99, 99],
    [upTo(100), 0.5, 50],
    [upTo(100), 1, 100],
    [upTo(100), 0, 1],
    [upTo(10), 0.99, 10],
    [upTo(1_000), 0.99, 990],
    [[7], 0.99, 7],
    [[10, 9, 100], 0.5, 10],
  ])('is one of the values: of %p at %p', (values, share, expected) => {
    expect(percentile(values, share)).toBe(expected);
  });

  it('leaves the values in their order', () => {
    const values = [3, 1, 2];
    percentile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });

  it('refuses no values', () => {
    expect(() => percentile([], 0.5)).toThrow('no percentile');
  });
});

describe('median', () => {
  it.each([
    [[5], 5],
    [[9, 1, 5], 5],
    [[4, 1, 2, 100], 3],
    [[10, 9], 9.5],
  ])('of %p is %p', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('refuses no values', () => {
    expect(() => median([])).toThrow('no median');
  });
});

describe('numbers as text', () => {
  it('have commas at thousands and as many decimals as asked for', () => {
    expect([digits(1_234_567.891, 1), digits(0.5, 0), digits(2, 2)]).toEqual([
      '1,234,567.9',
      '1',
      '2.00',
    ]);
  });

  it('show shares as percent and bytes as whole mebibytes', () => {
    expect([percent(0.0012, 2), percent(1), mebibytes(536_870_912), mebibytes(600_000)]).toEqual([
      '0.12 %',
      '100.0 %',
      '512 MiB',
      '1 MiB',
    ]);
  });
});
