import { takeQuietTurns, takeTurns } from '../../../../src/api/http/body/turns';

describe('taking turns', () => {
  it('runs no more at once than there are places, in order, and goes on after a failure', async () => {
    const inTurn = takeTurns(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const task = (n: number) => () => {
      begun.push(n);
      return new Promise<number>((resolve, reject) => {
        ends.push(() => (n === 1 ? reject(new Error('failed')) : resolve(n)));
      });
    };
    const results = [1, 2, 3, 4].map((n) => inTurn(task(n)).catch(() => -n));
    await Promise.resolve();
    expect(begun).toEqual([1, 2]);
    ends[0]!();
    await results[0];
    expect(begun).toEqual([1, 2, 3]);
    ends[1]!();
    ends[2]!();
    await results[2];
    ends[3]!();
    expect(await Promise.all(results)).toEqual([-1, 2, 3, 4]);
  });
});

describe('taking quiet turns', () => {
  it('lets others have theirs before each piece of work, and goes on after a failure', async () => {
    const inTurn = takeQuietTurns();
    const order: string[] = [];
    let timer = setImmediate(function other() {
      order.push('other');
      timer = setImmediate(other);
    });
    const work = (name: string) => () => {
      order.push(name);
      if (name === 'a') throw new Error('failed');
    };
    await Promise.allSettled(['a', 'b', 'c'].map((name) => inTurn(work(name))));
    clearImmediate(timer);
    expect(order.join(' ')).toMatch(/^other a( other)+ b( other)+ c$/);
  });
});
