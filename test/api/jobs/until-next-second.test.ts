import { untilNextSecondMs } from '../../../src/api/jobs/temporal-jobs';

const at = (time: string) => new Date(`2026-11-28T12:00:${time}Z`);

describe('untilNextSecondMs', () => {
  it.each([
    ['no run yet', undefined, at('05.000'), 0],
    ['a run in this second', at('05.200'), at('05.700'), 550],
    ['a run that just began', at('05.000'), at('05.000'), 1_250],
    ['the second is over, but not by the margin', at('05.900'), at('06.100'), 150],
    ['the second is over', at('05.200'), at('06.250'), 0],
    ['a run of long ago', at('05.200'), at('50.000'), 0],
    ['a clock of Temporal that is ahead beyond belief', at('50.000'), at('05.000'), 0],
  ])('with %s', (_, takenAt, now, waitMs) => {
    expect(untilNextSecondMs(takenAt, now)).toBe(waitMs);
  });
});
