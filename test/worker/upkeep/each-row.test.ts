import { eachRow } from '../../../src/worker/upkeep/each-row';

const away = Object.assign(new Error('unavailable'), { code: 14, details: '', metadata: {} });

/** Rows 1 … n of which some fail. */
function stage(failures: Record<number, Error>, rows = 6) {
  const cursor = { at: 0 };
  const turn = async () => {
    const [worked, blamed]: [number[], number[]] = [[], []];
    const all = Array.from({ length: rows }, (_, at) => at + 1);
    const work = (row: number) => {
      const error = failures[row];
      if (error) return Promise.reject(error);
      worked.push(row);
      return Promise.resolve();
    };
    const onFailure = (row: number) => Promise.resolve(void blamed.push(row));
    const ended = await eachRow(all, cursor, work, onFailure).then(
      () => 'all',
      () => 'away',
    );
    return { worked, blamed, ended };
  };
  return turn;
}

describe('eachRow', () => {
  it('works on the rows behind those that fail, however many', async () => {
    const poison = new Error('poison');
    const turn = stage({ 1: poison, 2: poison, 3: poison, 4: poison });
    expect(await turn()).toEqual({ worked: [5, 6], blamed: [1, 2, 3, 4], ended: 'all' });
  });

  it('ends a turn when a server is away, blames no row, and begins the next turn behind', async () => {
    const turn = stage({ 1: away, 2: away, 3: away });
    expect(await turn()).toEqual({ worked: [], blamed: [], ended: 'away' });
    expect(await turn()).toEqual({ worked: [4, 5, 6], blamed: [], ended: 'away' });
  });

  it('goes on after a server that was away for a moment', async () => {
    const turn = stage({ 1: away, 2: away, 4: away });
    expect(await turn()).toEqual({ worked: [3, 5, 6], blamed: [], ended: 'all' });
  });

  it('has nothing to do with no rows', async () => {
    expect(await stage({}, 0)()).toEqual({ worked: [], blamed: [], ended: 'all' });
  });
});
