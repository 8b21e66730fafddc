import { setTimeout as sleep } from 'node:timers/promises';
import type { ShardInput } from '../../src/workflows/apply-shard';
import { mainTaskQueue } from '../../src/contract/ids';
import { organizationUuid } from '../../src/domain/model/webex-id';
import type { Bench, Figure } from '../figure';
import { naiveQueue } from '../peers/naive-activities';
import { digits } from '../numbers';
import { firstWrite } from '../world/first-write';
import { grant } from '../world/grant';
import { rangeOfWave } from '../world/plan-rows';
import { startSimulatedWebex, type SimulatedWebex } from '../world/simulated-webex';
import { inWorld, type World } from '../world/start-world';

const allowedPerSecond = 10;
const configuredPerSecond = 13;
const firstMinuteMs = 60_000;
const goal = 5;
/** Allows the calls of two seconds at once, then refuses calls for two seconds. */
const settings = {
  latencyMs: 200,
  throttle: {
    ratePerSecond: allowedPerSecond,
    burst: 20,
    lockoutSeconds: 2,
    on: 'writes' as const,
  },
};

interface Calls {
  all: number;
  refused: number;
}

/**
 * 429s per 1,000 calls after the first minute, at a pace 30 % above the limit of Webex, compared with the
 * same shard whose activities only retry. Both write at the same time, each to its own Webex.
 */
export async function throttledCalls(bench: Bench): Promise<Figure[]> {
  const windowMs = bench.isQuick ? 45_000 : 240_000;
  const each = Math.ceil(((firstMinuteMs + windowMs) / 1_000) * configuredPerSecond);
  const options = { users: Math.ceil(each * 2.4), writesPerSecond: configuredPerSecond, settings };
  return await inWorld(bench, options, async (world) => {
    const { users } = options;
    const other = await startSimulatedWebex({ folder: world.folder, name: 'peer', users });
    try {
      await other.set(settings);
      await startBoth(world, other, each);
      bench.say(
        `the first minute at ${configuredPerSecond}/s, where ${allowedPerSecond}/s are allowed`,
      );
      await firstWrite(bench, world);
      await sleep(firstMinuteMs, undefined, { signal: bench.signal });
      await Promise.all([world.webex.resetCounts(), other.resetCounts()]);
      bench.say(`${windowMs / 1_000} s more`);
      await sleep(windowMs, undefined, { signal: bench.signal });
      return [figureOf(await callsTo(world.webex), await callsTo(other), windowMs)];
    } finally {
      await other.stop();
    }
  });
}

/** The product writes the first wave of one plan, the peer the second. */
async function startBoth(world: World, other: SimulatedWebex, each: number): Promise<void> {
  const { rollouts, client, db } = world;
  await world.startWorker('bench');
  await world.startWorker('naive', { WEBEX_BASE_URL: other.url });
  const planned = await rollouts.plan(grant, {
    pilot: null,
    waves: [{ size: { count: each } }, { size: { percent: 100 } }],
  });
  const { rolloutId } = planned;
  await rollouts.start(planned);
  const input: ShardInput = {
    orgId: await rollouts.orgId(),
    rolloutId,
    writeQueue: naiveQueue,
    priorityKey: 3,
    wave: 2,
    ...(await rangeOfWave(db, rolloutId, 2)),
    reportEvery: 50,
    control: 'run',
  };
  await client.workflow.start('applyShard', {
    workflowId: `naive/${rolloutId}`,
    taskQueue: mainTaskQueue(organizationUuid(input.orgId)),
    args: [input],
  });
}

async function callsTo(webex: SimulatedWebex): Promise<Calls> {
  const { byOperation } = await webex.counts();
  const counts = Object.entries(byOperation['assign licenses'] ?? {});
  const sum = (which: typeof counts) => which.reduce((total, [, calls]) => total + calls, 0);
  const all = sum(counts);
  // Without this, no calls at all would look like no refusals.
  if (all === 0) throw new Error('The simulated Webex received no writes.');
  return { all, refused: sum(counts.filter(([status]) => status === '429')) };
}

function figureOf(ours: Calls, theirs: Calls, windowMs: number): Figure {
  const perThousand = ({ all, refused }: Calls) => (refused * 1_000) / all;
  const donePerSecond = ({ all, refused }: Calls) => ((all - refused) * 1_000) / windowMs;
  const told = (calls: Calls) =>
    `${digits(perThousand(calls), 1)} (${digits(donePerSecond(calls), 1)}/s done)`;
  return {
    figure: '429s per 1,000 calls at 130 % of the limit',
    measured: told(ours),
    peer: `retries alone: ${told(theirs)}`,
    ratio: digits(perThousand(ours) / perThousand(theirs), 3),
    goal: `≤ ${goal}`,
    isMet: perThousand(ours) <= goal,
  };
}
