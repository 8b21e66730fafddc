import { startCounting } from '../../bench/scale/time-left';

const never = () => new Promise<never>(() => undefined);

describe('the time of a run', () => {
  it('returns what the work returns', async () => {
    await expect(startCounting(60).within(10, () => Promise.resolve('done'))).resolves.toBe('done');
  });

  it('passes on why the work failed', async () => {
    const work = () => Promise.reject(new Error('the disk is full.'));
    await expect(startCounting(60).within(10, work)).rejects.toThrow('the disk is full.');
  });

  it('ends a step that takes too long', async () => {
    const step = startCounting(60).within(0.01, never);
    await expect(step).rejects.toThrow('it took longer than 0.01 s.');
  });

  it('ends a step with the run', async () => {
    let nowMs = 0;
    const time = startCounting(60, () => nowMs);
    nowMs = 59_990;
    await expect(time.within(10, never)).rejects.toThrow('the 1 minutes of the run were over.');
  });

  it('begins nothing when the run is over', async () => {
    let nowMs = 0;
    const time = startCounting(1_440, () => nowMs);
    nowMs = 1_440_000;
    const work = jest.fn(never);
    await expect(time.within(10, work)).rejects.toThrow('the 24 minutes of the run were over.');
    expect(work).not.toHaveBeenCalled();
  });
});
