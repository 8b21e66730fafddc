import type { Bench, Figure } from '../figure';
import { createPlainClient } from '../peers/plain-client';
import { readPatchRead } from '../peers/read-patch-read';
import { digits } from '../numbers';
import { grant } from '../world/grant';
import { grantHalf, type HalfGranted } from '../world/half-granted';
import { startSimulatedWebex, type SimulatedWebex } from '../world/simulated-webex';
import { inWorld, type World } from '../world/start-world';

const readGoal = 0.01;

interface Cost {
  writesPerChanged: number;
  writesPerUnchanged: number;
  readsPerUser: number;
}

/** Calls to Webex for a rollout to all users, half of whom change. The simulator counts them. */
export async function callsPerUser(bench: Bench): Promise<Figure[]> {
  // One in 500 users of a generated organization is a bot: 10,000 people are left.
  const people = bench.isQuick ? 2_004 : 10_020;
  const settings = { latencyMs: 0 };
  return await inWorld(
    bench,
    { users: people, writesPerSecond: 1_000, settings },
    async (world) => {
      const ours = await rollOut(bench, world);
      const other = await startSimulatedWebex({
        folder: world.folder,
        name: 'peer',
        users: people,
      });
      try {
        const theirs = await runScript(bench, other);
        return figuresOf(ours, theirs);
      } finally {
        await other.stop();
      }
    },
  );
}

/** With the default pilot: the reads of one plan, two waves and two verifications. */
async function rollOut(bench: Bench, { webex, rollouts, startWorker }: World): Promise<Cost> {
  const half = await grantHalf(createPlainClient(webex));
  await startWorker('bench');
  await rollouts.orgId();
  const before = (await webex.writes()).at(-1)?.seq ?? 0;
  await webex.resetCounts();
  const planned = await rollouts.plan(grant, { gates: 'automatic' });
  bench.say(`${planned.summary?.planned ?? 0} of ${half.users.length} users change`);
  await rollouts.start(planned);
  await rollouts.until(planned.rolloutId, ['completed']);
  return await costOf(webex, half, before);
}

async function runScript(bench: Bench, webex: SimulatedWebex): Promise<Cost> {
  const client = createPlainClient(webex);
  const half = await grantHalf(client);
  const before = (await webex.writes()).at(-1)?.seq ?? 0;
  await webex.resetCounts();
  bench.say('the same by a plain script');
  await readPatchRead(client, half.users, half.licenseIds);
  return await costOf(webex, half, before);
}

async function costOf(webex: SimulatedWebex, half: HalfGranted, before: number): Promise<Cost> {
  const { reads } = await webex.counts();
  const writes = await webex.writes(before);
  const toLacking = writes.filter(({ personId }) => half.lacking.has(personId ?? '')).length;
  return {
    writesPerChanged: toLacking / half.lacking.size,
    writesPerUnchanged: (writes.length - toLacking) / (half.users.length - half.lacking.size),
    readsPerUser: reads / half.users.length,
  };
}

function figuresOf(ours: Cost, theirs: Cost): Figure[] {
  const row = (figure: string, cost: keyof Cost, places: number) => ({
    figure,
    measured: digits(ours[cost], places),
    peer: `plain script: ${digits(theirs[cost], places)}`,
    ratio: theirs[cost] === 0 ? '' : digits(ours[cost] / theirs[cost], places),
  });
  return [
    {
      ...row('write calls per changed user', 'writesPerChanged', 2),
      goal: '1.00',
      isMet: ours.writesPerChanged === 1,
    },
    {
      ...row('write calls per unchanged user', 'writesPerUnchanged', 2),
      goal: '0',
      isMet: ours.writesPerUnchanged === 0,
    },
    {
      ...row('read calls per user, plan to proof', 'readsPerUser', 4),
      goal: `≤ ${readGoal}`,
      isMet: ours.readsPerUser <= readGoal,
    },
  ];
}
