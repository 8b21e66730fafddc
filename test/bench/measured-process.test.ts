import { readPeaks, whyEnded } from '../../bench/world/measured-process';

describe('whyEnded', () => {
  it('recognizes a full heap', () => {
    const output =
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n';
    expect(whyEnded('The worker', output)).toBe('The worker ran out of memory.');
  });

  it('quotes the last line otherwise', () => {
    expect(whyEnded('The API', 'first\nDATABASE_URL is wrong.\n')).toBe(
      'The API ended by itself: DATABASE_URL is wrong.',
    );
  });
});

describe('readPeaks', () => {
  it('finds the peaks between other lines', () => {
    const output = 'started\npeak memory {"resident":3,"heap":2,"live":1}\nstopped\n';
    expect(readPeaks('The worker', output)).toEqual({ resident: 3, heap: 2, live: 1 });
  });

  it('says who printed none', () => {
    expect(() => readPeaks('The worker', 'started')).toThrow('The worker did not print');
  });
});
