import type { Client } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';
import { createLogger } from '../../src/logger';
import { pollSharedQueue } from '../../src/worker/poll-shared-queue';

const logger = createLogger({ name: 'test', level: 'silent' });

/** A worker that runs until it is shut down, or fails. */
function aWorker() {
  let end: () => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  let state = 'RUNNING';
  const ended = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  const worker = {
    run: () => ended,
    getState: () => state,
    shutdown() {
      state = 'STOPPED';
      end();
    },
  };
  return { worker: worker as unknown as Worker, fail, state: () => state };
}

function stage(...counts: (number | Error)[]) {
  const workers: ReturnType<typeof aWorker>[] = [];
  const count = () => {
    const next = counts.shift() ?? 0;
    return next instanceof Error ? Promise.reject(next) : Promise.resolve({ count: next });
  };
  const queue = pollSharedQueue({
    client: { workflow: { count } } as unknown as Client,
    createWorker: () => {
      const made = aWorker();
      workers.push(made);
      return Promise.resolve(made.worker);
    },
    logger,
  });
  const states = () => workers.map(({ state }) => state());
  return { queue, workers, states };
}

describe('pollSharedQueue', () => {
  it('does not poll where no workflow of 0.1.0 is left', async () => {
    const { queue, states } = stage(0, 0, 0);
    for (let i = 0; i < 3; i += 1) await queue.turn();
    expect(states()).toEqual([]);
    await queue.stop();
  });

  it('polls while one is left, ends when none was seen twice, and begins again for a late one', async () => {
    const { queue, states } = stage(2, 1, 0, 1, 0, 0, 1);
    const seen: string[][] = [];
    for (let i = 0; i < 7; i += 1) {
      await queue.turn();
      seen.push(states());
    }
    const running = ['RUNNING'];
    expect(seen).toEqual([
      running,
      running,
      running,
      running,
      running,
      ['STOPPED'],
      ['STOPPED', 'RUNNING'],
    ]);
    await queue.stop();
    expect(states()).toEqual(['STOPPED', 'STOPPED']);
  });

  it('polls where the server does not say, unless it has said that none is left', async () => {
    const silent = stage(new Error('unimplemented'));
    await silent.queue.turn();
    expect(silent.states()).toEqual(['RUNNING']);
    const known = stage(0, new Error('away'));
    await known.queue.turn();
    await known.queue.turn();
    expect(known.states()).toEqual([]);
  });

  it('begins again when polling has failed', async () => {
    const { queue, workers } = stage(1, 1);
    await queue.turn();
    workers[0]!.fail(new Error('lost'));
    await new Promise(setImmediate);
    await queue.turn();
    expect(workers).toHaveLength(2);
  });
});
