import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Figure } from '../figure';
import { digits, mebibytes } from '../numbers';
import { firstWrite } from '../world/first-write';
import { grant } from '../world/grant';
import { inWorld } from '../world/start-world';

const goal = 1.2;
const writeMs = 15_000;
/** Without a limit, peak memory would show how much garbage V8 tolerates on this machine. */
const heapLimit = { NODE_OPTIONS: '--max-old-space-size=256' };

/**
 * Peak resident memory of a worker process that reads the directory, plans, reads a wave again and
 * writes for some seconds, for two sizes of the organization. Both workers have the
 * same limit for their heap.
 */
export async function workerMemory(bench: Bench): Promise<Figure[]> {
  const [small, large] = bench.isQuick ? [2_000, 20_000] : [10_000, 100_000];
  const ofSmall = await peakOf(bench, small);
  const ofLarge = await peakOf(bench, large);
  return [
    {
      figure: `peak memory of a worker, ${digits(large, 0)} users`,
      measured: mebibytes(ofLarge),
      peer: `${digits(small, 0)} users: ${mebibytes(ofSmall)}`,
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
    const worker = await startWorker('bench', heapLimit);
    const planned = await rollouts.plan(grant, { pilot: null });
    await rollouts.start(planned);
    // The wave is read again before its first write.
    await firstWrite(bench, world);
    await sleep(writeMs, undefined, { signal: bench.signal });
    await worker.stop();
    return worker.peakMemory().resident;
  });
}
