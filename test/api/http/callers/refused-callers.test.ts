import { RefusedCallers } from '../../../../src/api/http/callers/refused-callers';

describe('callers who are refused', () => {
  it('wait longer and longer from the 61st refusal within a minute, each caller alone', async () => {
    const waits: number[] = [];
    const refused = new RefusedCallers((ms) => Promise.resolve(waits.push(ms)));
    for (let n = 0; n < 60; n += 1) await refused.wait('from 10.0.0.1');
    expect(waits).toEqual([]);
    for (let n = 0; n < 3; n += 1) await refused.wait('from 10.0.0.1');
    expect(waits).toEqual([100, 200, 300]);
    await refused.wait('from 10.0.0.2');
    expect(waits).toHaveLength(3);
    for (let n = 0; n < 100; n += 1) await refused.wait('from 10.0.0.1');
    expect(Math.max(...waits)).toBe(5_000);
  });
});
