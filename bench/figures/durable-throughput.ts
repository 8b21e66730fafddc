import type { Bench, Figure } from '../figure';
import { fanOutOver } from '../peers/fan-out-over';
import { digits } from '../numbers';
import { usersPerSecond } from '../world/call-rate';
import { grant } from '../world/grant';
import { inWorld, type World } from '../world/start-world';

const goal = { unguarded: 6, guarded: 4 };
/** As many may fail as there are users: the guard lets every write begin that has a place in a shard. */
const cannotTrip = { failurePercent: 100, failureMin: 10_000_000 };

/**
 * Users written durably per second without a pace, compared with one child workflow per user: with a
 * failure guard that can't trip, as the peer has none, and with the default guards, which begin with four
 * writes at once.
 */
export async function durableThroughput(bench: Bench): Promise<Figure[]> {
  const [product, peer] = bench.isQuick ? [1_000, 300] : [4_000, 1_000];
  const options = {
    users: Math.ceil((2 * product + peer) * 1.2),
    writesPerSecond: 1_000,
    settings: { latencyMs: 5 },
  };
  return await inWorld(bench, options, async (world) => {
    await world.startWorker('bench');
    bench.say(`${product} users by Seatwise, with a guard that can't trip`);
    const unguarded = await rateOf(world, { sizes: [product, peer], guards: cannotTrip });
    bench.say(`${peer} users by one child workflow each`);
    const { rolloutId } = unguarded;
    const theirs = await rateSince(world, () => fanOutOver(world, { rolloutId, wave: 2 }));
    await world.rollouts.act(rolloutId, 'abort');
    bench.say(`${product} users by Seatwise, with the default guards`);
    const guarded = await rateOf(world, { sizes: [product], guards: {} });
    return [
      figureOf('a guard that can not trip', { ours: unguarded.rate, theirs, goal: goal.unguarded }),
      figureOf('the default guards', { ours: guarded.rate, theirs, goal: goal.guarded }),
    ];
  });
}

/** Writes the first wave of a rollout with these waves, and waits at its gate. */
async function rateOf(
  world: World,
  { sizes, guards }: { sizes: number[]; guards: Record<string, number> },
): Promise<{ rate: number; rolloutId: string }> {
  const { rollouts } = world;
  const waves = [...sizes.map((count) => ({ size: { count } })), { size: { percent: 100 } }];
  const planned = await rollouts.plan(grant, { pilot: null, guards, waves });
  const { rolloutId } = planned;
  const rate = await rateSince(world, async () => {
    await rollouts.start(planned);
    await rollouts.until(rolloutId, ['awaiting-promotion']);
  });
  return { rate, rolloutId };
}

async function rateSince({ webex }: World, work: () => Promise<unknown>): Promise<number> {
  const before = (await webex.writes()).at(-1)?.seq ?? 0;
  await work();
  return usersPerSecond(await webex.writes(before));
}

function figureOf(
  guards: string,
  { ours, theirs, goal: least }: { ours: number; theirs: number; goal: number },
): Figure {
  const ratio = ours / theirs;
  return {
    figure: `durable users per second, unthrottled, ${guards}`,
    measured: digits(ours, 0),
    peer: `one child workflow per user: ${digits(theirs, 0)}`,
    ratio: digits(ratio, 2),
    goal: `≥ ${least} ×`,
    isMet: ratio >= least,
  };
}
