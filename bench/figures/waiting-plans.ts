import { parseConfig } from '../../src/config/config';
import type { Bench, Figure } from '../figure';
import { digits } from '../numbers';
import type { PlansHeld } from '../processes/hold-plans';
import { askProcess } from '../world/ask-process';
import { inWorld } from '../world/start-world';
import { workflowBundle } from '../world/workflow-bundle';

const goal = 0.5;
const mebibyte = 1_024 * 1_024;

/** Memory of a worker for plans that wait, with the cache of the product and with all of them in memory. */
export async function waitingPlans(bench: Bench): Promise<Figure[]> {
  const plans = bench.isQuick ? 400 : 1_000;
  return await inWorld(bench, { users: 10, writesPerSecond: 5 }, async ({ env }) => {
    const bundle = await workflowBundle();
    const held = async (cached: number) => {
      bench.say(`${plans} plans wait, ${cached} in memory`);
      const args = [env.TEMPORAL_ADDRESS ?? '', bundle, String(plans), String(cached)];
      return await askProcess<PlansHeld>('hold-plans.ts', args, bench.signal);
    };
    const bounded = await held(parseConfig({}).temporal.cachedWorkflows);
    const all = await held(2 * plans);
    const ratio = bounded.bytes / all.bytes;
    return [
      {
        figure: `memory of ${digits(plans, 0)} waiting plans in a worker`,
        measured: `${digits(bounded.bytes / mebibyte, 0)} MiB`,
        peer: `all in memory: ${digits(all.bytes / mebibyte, 0)} MiB (${digits(all.bytes / all.plans / 1_024, 0)} KiB each)`,
        ratio: digits(ratio, 2),
        goal: `< ${goal} ×`,
        isMet: ratio < goal,
      },
    ];
  });
}
