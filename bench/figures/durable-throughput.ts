import type { Bench, Figure } from '../figure';
import { fanOutOver } from '../peers/fan-out-over';
import { digits } from '../numbers';
import { usersPerSecond } from '../world/call-rate';
import { grant } from '../world/grant';
import { inWorld } from '../world/start-world';

const goal = 4;

/** Users written durably per second without a pace, compared with one child workflow per user. */
export async function durableThroughput(bench: Bench): Promise<Figure[]> {
  const [product, peer] = bench.isQuick ? [1_000, 300] : [4_000, 1_000];
  const options = {
    users: Math.ceil((product + peer) * 1.2),
    writesPerSecond: 1_000,
    settings: { latencyMs: 5 },
  };
  return await inWorld(bench, options, async (world) => {
    const { rollouts, webex } = world;
    await world.startWorker('bench');
    const planned = await rollouts.plan(grant, {
      pilot: null,
      waves: [{ size: { count: product } }, { size: { count: peer } }, { size: { percent: 100 } }],
    });
    const { rolloutId } = planned;
    bench.say(`${product} users by Seatwise`);
    await rollouts.start(planned);
    await rollouts.until(rolloutId, ['awaiting-promotion']);
    const bySeatwise = await webex.writes();
    bench.say(`${peer} users by one child workflow each`);
    await fanOutOver(world, { rolloutId, wave: 2 });
    const byPeer = await webex.writes(bySeatwise.at(-1)?.seq ?? 0);

    const ours = usersPerSecond(bySeatwise);
    const theirs = usersPerSecond(byPeer);
    return [
      {
        figure: 'durable users per second, unthrottled',
        measured: digits(ours, 0),
        peer: `one child workflow per user: ${digits(theirs, 0)}`,
        ratio: digits(ours / theirs, 2),
        goal: `≥ ${goal} ×`,
        isMet: ours / theirs >= goal,
      },
    ];
  });
}
