import { setImmediate as turn } from 'node:timers/promises';
import { slidingWindow, type SlidingWindow } from '../../../src/workflows/job/sliding-window';

async function until(predicate: () => boolean): Promise<void> {
  while (!predicate()) await turn();
}

/** Items that end when the test says so. */
function stage(given: Partial<SlidingWindow<number>> = {}) {
  const began: number[] = [];
  const open = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  const run = (item: number) => {
    began.push(item);
    return new Promise<void>((resolve, reject) => open.set(item, { resolve, reject }));
  };
  const settled = { value: false };
  const start = (items: number[]) => {
    const work = slidingWindow(items, {
      size: () => 2,
      control: () => 'run',
      run,
      until,
      ...given,
    });
    const done = work.finally(() => (settled.value = true));
    done.catch(() => undefined);
    return done;
  };
  return {
    began,
    settled,
    start,
    end: (item: number) => open.get(item)!.resolve(),
    fail: (item: number) => open.get(item)!.reject(new Error(`item ${item}`)),
  };
}

async function turns(): Promise<void> {
  for (let i = 0; i < 10; i += 1) await turn();
}

describe('slidingWindow', () => {
  it('has no work with no items', async () => {
    await stage().start([]);
  });

  it('begins as many items as it holds, and one more for each that ends, in order', async () => {
    const { began, start, end } = stage();
    const done = start([1, 2, 3, 4]);
    await turns();
    expect(began).toEqual([1, 2]);
    end(2);
    await turns();
    expect(began).toEqual([1, 2, 3]);
    end(3);
    await turns();
    expect(began).toEqual([1, 2, 3, 4]);
    end(1);
    end(4);
    await done;
  });

  it('R46 begins a step only when the step before has ended', async () => {
    const { began, start, end } = stage({ size: () => 9, stepOf: (item) => Math.floor(item / 10) });
    const done = start([1, 2, 11, 12, 21]);
    await turns();
    expect(began).toEqual([1, 2]);
    end(1);
    await turns();
    expect(began).toEqual([1, 2]);
    end(2);
    await turns();
    expect(began).toEqual([1, 2, 11, 12]);
    end(11);
    end(12);
    await turns();
    end(21);
    await done;
  });

  it('returns only when all have ended', async () => {
    const { settled, start, end } = stage();
    const done = start([1, 2]);
    await turns();
    end(1);
    await turns();
    expect(settled.value).toBe(false);
    end(2);
    await done;
  });

  it('holds items back, and continues', async () => {
    let control: 'run' | 'hold' = 'hold';
    const { began, start, end } = stage({ control: () => control });
    const done = start([1]);
    await turns();
    expect(began).toEqual([]);
    control = 'run';
    await turns();
    expect(began).toEqual([1]);
    end(1);
    await done;
  });

  it('begins nothing after a stop, also out of a hold, and waits for what is in flight', async () => {
    let control: 'run' | 'hold' | 'stop' = 'run';
    const { began, settled, start, end } = stage({ control: () => control });
    const done = start([1, 2, 3]);
    await turns();
    control = 'hold';
    end(1);
    await turns();
    control = 'stop';
    await turns();
    expect(began).toEqual([1, 2]);
    expect(settled.value).toBe(false);
    end(2);
    await done;
  });

  it('begins nothing after a failure, and throws the first one at the end', async () => {
    const { began, settled, start, end, fail } = stage({ size: () => 3 });
    const done = start([1, 2, 3, 4]);
    await turns();
    fail(2);
    fail(1);
    await turns();
    expect(began).toEqual([1, 2, 3]);
    expect(settled.value).toBe(false);
    end(3);
    await expect(done).rejects.toThrow('item 2');
  });
});
