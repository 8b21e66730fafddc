/**
 * Records what `replay.test.ts` replays: `npx tsx test/replay/record.ts`, after a change of the
 * workflows that was meant to break the histories of before. Every phase has a story here; those of
 * the watch are in `record-watch.ts`. With names of stories, only these are recorded, beside the others.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { RolloutBody } from '../support/caller';
import { ensureDatabase, ensureTemporal, stopServers } from '../support/servers';
import { noFaults, Stage } from '../support/stage';
import { closeRuntime } from '../support/world';
import { historiesFolder, keepHistory } from './keep-history';

const users = 12;

type Story = (stage: Stage) => Promise<RolloutBody>;

const stories: Record<string, Story> = {
  async completed(stage) {
    const planned = await stage.flip({ waves: [{ size: { count: 4 }, soakSeconds: 1 }, all] });
    await stage.caller.start(planned);
    await promote(stage, planned);
    await promote(stage, planned);
    return until(stage, planned, 'completed');
  },
  async automatic(stage) {
    const planned = await stage.flip({ gates: 'automatic' });
    return stage.carryOut(planned);
  },
  /** Shards that report on their way, and say at their end what no report has carried. */
  async counted(stage) {
    const waves = [{ size: { count: 11 }, soakSeconds: 1 }];
    const planned = await stage.flip({ pilot: null, gates: 'automatic', waves });
    return stage.carryOut(planned);
  },
  async paused(stage) {
    const planned = await slow(stage);
    await stage.caller.act(planned.rolloutId, 'pause');
    await delay(500);
    await stage.caller.act(planned.rolloutId, 'set-pace', { writesPerSecond: 200 });
    await stage.caller.act(planned.rolloutId, 'resume');
    return until(stage, planned, 'completed');
  },
  async discarded(stage) {
    const planned = await stage.flip({}, { draft: true });
    await stage.caller.act(planned.rolloutId, 'discard');
    stage.flipBack();
    return until(stage, planned, 'discarded');
  },
  async expired(stage) {
    const planned = await stage.flip({}, { draft: true });
    stage.flipBack();
    return until(stage, planned, 'expired');
  },
  async halted(stage) {
    const guards = { failurePercent: 10, failureMinSample: 3 };
    const planned = await stage.flip({ pilot: null, guards });
    await stage.simulate({ faults: { error5xxBefore: { probability: 1 } } });
    await stage.caller.start(planned);
    await until(stage, planned, 'halted');
    await stage.simulate(noFaults);
    await stage.caller.act(planned.rolloutId, 'resume');
    await until(stage, planned, 'completed');
    await stage.caller.act(planned.rolloutId, 'retry-failed');
    await until(stage, planned, 'rolling-out', 'verifying');
    return until(stage, planned, 'completed');
  },
  async failed(stage) {
    const { adminToken, simulator } = stage.world.simulator;
    const token = simulator.tokens.find(adminToken)!;
    await stage.control('DELETE', `tokens/${adminToken}`);
    const planned = await stage.flip();
    simulator.record({ token });
    stage.flipBack();
    return until(stage, planned, 'failed');
  },
  async aborted(stage) {
    const planned = await slow(stage);
    await stage.caller.act(planned.rolloutId, 'abort');
    stage.flipBack();
    return until(stage, planned, 'aborted');
  },
  async cancelled(stage) {
    const planned = await slow(stage);
    const { orgUuid } = stage.world.simulator.simulator.organization;
    const { workflow } = stage.world.client;
    const handle = workflow.getHandle(`rollout/${orgUuid}/${planned.rolloutId}`);
    await handle.cancel();
    await handle.result().catch(() => undefined);
    stage.flipBack();
    return until(stage, planned, 'aborted');
  },
};

const all = { size: { percent: 100 } };

async function slow(stage: Stage): Promise<RolloutBody> {
  await stage.control('DELETE', 'writes');
  const planned = await stage.flip({ pilot: null });
  await stage.caller.act(planned.rolloutId, 'set-pace', { writesPerSecond: 4 });
  await stage.caller.start(planned);
  await stage.untilWrites(3);
  return planned;
}

function until(stage: Stage, rollout: RolloutBody, ...phases: string[]): Promise<RolloutBody> {
  return stage.caller.until(rollout.rolloutId, ({ phase }) => phases.includes(phase));
}

async function promote(stage: Stage, rollout: RolloutBody): Promise<void> {
  await until(stage, rollout, 'awaiting-promotion');
  await stage.caller.act(rollout.rolloutId, 'promote');
}

async function save(stage: Stage, story: string, rolloutId: string): Promise<number> {
  const { workflow } = stage.world.client;
  const kept = new Set<string>();
  for await (const { workflowId, runId } of workflow.list()) {
    if (!workflowId.includes(rolloutId)) continue;
    const history = await workflow.getHandle(workflowId, runId).fetchHistory();
    const file = `${story}${workflowId.split(rolloutId)[1]!.replaceAll('/', '-')}.json`;
    keepHistory(file, history);
    kept.add(file);
  }
  return kept.size;
}

async function main(): Promise<void> {
  await ensureDatabase();
  await ensureTemporal();
  const asked = process.argv.slice(2);
  if (asked.length === 0) rmSync(historiesFolder, { recursive: true, force: true });
  mkdirSync(historiesFolder, { recursive: true });
  const stage = await Stage.open({
    simulator: { users, seed: 7 },
    limits: { planExpiresInMs: 3_000, maxWriteAttempts: 2 },
  });
  for (const [name, story] of Object.entries(stories)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const { rolloutId } = await story(stage);
    // The list of workflows lags a little behind.
    await delay(2_000);
    const saved = await save(stage, name, rolloutId);
    process.stdout.write(`${name}: ${saved} histories\n`);
  }
  await stage.close();
  await closeRuntime();
  await stopServers();
}

void main();
