import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Figure } from '../figure';
import { digits } from '../print-table';
import { firstWrite } from '../world/first-write';
import { grant } from '../world/grant';
import { inWorld } from '../world/start-world';

const goal = 1.2;
const mebibyte = 1_024 * 1_024;
const writeMs = 15_000;

/**
 * Peak resident memory of a worker process that reads the directory, plans, reads a wave again and
 * writes for some seconds, for two sizes of the organization. The worker collects garbage early.
 */
export async function workerMemory(bench: Bench): Promise<Figure[]> {
  const [small, large] = bench.isQuick ? [2_000, 20_000] : [10_000, 100_000];
  const ofSmall = await peakOf(bench, small);
  const ofLarge = await peakOf(bench, large);
  return [
    {
      figure: `peak memory of a worker, ${digits(large, 0)} users`,
      measured: `${digits(ofLarge / mebibyte, 0)} MiB`,
      peer: `${digits(small, 0)} users: ${digits(ofSmall / mebibyte, 0)} MiB`,
      ratio: digits(ofLarge / ofSmall, 2),
      goal: `< ${goal} ×`,
      isMet: ofLarge / ofSmall < goal,
    },
  ];
}

async function peakOf(bench: Bench, users: number): Promise<number> {
  bench.say(`a worker at ${digits(users, 0)} users`);
  const options = { users, writesPerSecond: 50 };
  return await inWorld(bench, options, async (world) => {
    const { rollouts, startWorker } = world;
    const worker = await startWorker('bench');
    const planned = await rollouts.plan(grant, { pilot: null });
    await rollouts.start(planned);
    // The wave is read again before its first write.
    await firstWrite(bench, world);
    await sleep(writeMs, undefined, { signal: bench.signal });
    await worker.stop();
    return worker.peakMemoryBytes();
  });
}
