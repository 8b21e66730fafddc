import type { Bench, Figure } from '../figure';
import { fanOutOver } from '../peers/fan-out-over';
import { digits } from '../numbers';
import { grant } from '../world/grant';
import { eventsUnder } from '../world/shard-history';
import { inWorld, type World } from '../world/start-world';
import { rolloutWorkflowId } from '../../src/contract/ids';
import { organizationUuid } from '../../src/domain/model/webex-id';

/** A wave of the same rollout for each pace. Every wave has its own shards and histories. */
interface Wave {
  pace: number;
  about: string;
  users: number;
  goal: number;
}

function wavesOf({ isQuick }: Bench): Wave[] {
  const sized = (whole: number, quick: number) => (isQuick ? quick : whole);
  return [
    { pace: 10, about: 'at 10/s', users: sized(600, 300), goal: 6.2 },
    { pace: 50, about: 'at 50/s', users: sized(2_000, 600), goal: 6.2 },
    { pace: 1_000, about: 'unpaced', users: sized(3_000, 1_000), goal: 4 },
  ];
}

const peerUsers = 200;

/** History events per user in the shards' workflows, continued runs included. */
export async function historyEvents(bench: Bench): Promise<Figure[]> {
  const waves = wavesOf(bench);
  const changed = waves.reduce((sum, { users }) => sum + users, peerUsers);
  const options = {
    users: Math.ceil(changed * 1.2),
    writesPerSecond: 10,
    settings: { latencyMs: 5 },
  };
  return await inWorld(bench, options, async (world) => {
    const { rollouts, client, startWorker } = world;
    await startWorker('bench');
    const sizes = [...waves.map(({ users }) => users), peerUsers];
    const planned = await rollouts.plan(grant, {
      pilot: null,
      waves: [...sizes.map((count) => ({ size: { count } })), { size: { percent: 100 } }],
    });
    await writeWaves(bench, world, waves, planned.rolloutId, () => rollouts.start(planned));
    const peer = await peerEvents(bench, world, planned.rolloutId, waves.length + 1);
    const rolloutId = rolloutWorkflowId(
      organizationUuid(await rollouts.orgId()),
      planned.rolloutId,
    );
    const figures: Figure[] = [];
    for (const [at, { about, users, goal }] of waves.entries()) {
      const events = (await eventsUnder(client, `${rolloutId}/w${at + 1}/`, 2)) / users;
      figures.push({
        figure: `history events per user, ${about}`,
        measured: digits(events, 2),
        peer: `one child workflow per user: ${digits(peer, 1)}`,
        ratio: digits(events / peer, 2),
        goal: `≤ ${goal}`,
        isMet: events <= goal,
      });
    }
    return figures;
  });
}

async function writeWaves(
  bench: Bench,
  { rollouts }: World,
  waves: readonly Wave[],
  rolloutId: string,
  start: () => Promise<void>,
): Promise<void> {
  for (const [at, { pace, about, users }] of waves.entries()) {
    bench.say(`${users} users ${about}`);
    if (at === 0) await start();
    else {
      await rollouts.act(rolloutId, 'set-pace', { writesPerSecond: pace });
      await rollouts.act(rolloutId, 'promote');
    }
    await rollouts.until(rolloutId, ['awaiting-promotion']);
  }
}

async function peerEvents(
  bench: Bench,
  world: World,
  rolloutId: string,
  wave: number,
): Promise<number> {
  bench.say(`${peerUsers} users by one child workflow each`);
  const workflowId = await fanOutOver(world, { rolloutId, wave });
  return (await eventsUnder(world.client, workflowId, peerUsers + 1)) / peerUsers;
}
