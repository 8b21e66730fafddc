import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Figure } from '../figure';
import { digits, percent } from '../numbers';
import { doneWithin } from '../world/call-rate';
import { firstWrite } from '../world/first-write';
import { grant } from '../world/grant';
import { inWorld, type World } from '../world/start-world';

const goal = 0.97;
const paces = [10, 50];
const warmUpMs = 10_000;
/** As recorded for a real call, so that many calls run at once. */
const latencyMs = 1_000;

/** Used share of the allowed pace after a warm-up, with one and with two worker processes. */
export async function paceUsed(bench: Bench): Promise<Figure[]> {
  const windowMs = bench.isQuick ? 12_000 : 45_000;
  const seconds = (windowMs + warmUpMs + 3_000) / 1_000;
  const changed = 2 * seconds * paces.reduce((sum, pace) => sum + pace, 0);
  const options = {
    users: Math.ceil(changed * 1.2),
    writesPerSecond: paces[0] ?? 1,
    settings: { latencyMs },
  };
  return await inWorld(bench, options, async (world) => {
    await world.startWorker('product');
    const planned = await world.rollouts.plan(grant, { pilot: null });
    await world.rollouts.start(planned);
    // The wave is read again first. The writes, and their pace, start after that.
    await firstWrite(bench, world);
    const figures: Figure[] = [];
    for (const workers of [1, 2]) {
      if (workers > 1) await world.startWorker('product');
      for (const pace of paces) {
        bench.say(`${pace}/s, ${workers} worker process(es)`);
        await world.rollouts.act(planned.rolloutId, 'set-pace', { writesPerSecond: pace });
        const used = await useOf(bench, world, windowMs);
        figures.push(figureOf(pace, workers, used));
      }
    }
    return figures;
  });
}

/** Writes per second in a window after the warm-up. */
async function useOf(bench: Bench, { webex }: World, windowMs: number): Promise<number> {
  await sleep(warmUpMs, undefined, { signal: bench.signal });
  const before = (await webex.writes()).at(-1)?.seq ?? 0;
  const fromMs = Date.now();
  // A call is logged when it is done, after its latency.
  await sleep(windowMs + latencyMs, undefined, { signal: bench.signal });
  return doneWithin(await webex.writes(before), fromMs, fromMs + windowMs) / (windowMs / 1_000);
}

function figureOf(pace: number, workers: number, used: number): Figure {
  return {
    figure: `writes per second, ${workers} worker${workers > 1 ? 's' : ''}`,
    measured: digits(used, 2),
    peer: `allowed pace: ${pace}`,
    ratio: percent(used / pace),
    goal: `≥ ${percent(goal)}`,
    isMet: used / pace >= goal,
  };
}
