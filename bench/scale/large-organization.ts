import { setTimeout as sleep } from 'node:timers/promises';
import { observeWorkflowId, rolloutWorkflowId } from '../../src/contract/ids';
import { organizationUuid } from '../../src/domain/model/webex-id';
import type { Db } from '../../src/db/connect';
import type { Bench } from '../figure';
import { createPlainClient } from '../peers/plain-client';
import { secondsOfActivity } from '../world/activity-time';
import { grant } from '../world/grant';
import type { MeasuredProcess } from '../world/measured-process';
import { withProcessorTime } from '../world/processor-time';
import { findOrganization, phaseOf } from '../world/plan-rows';
import type { World } from '../world/start-world';

/** Limits that an operator would set. */
export const heapLimits = { worker: 512, api: 256 } as const;

export const limitOf = (mebibytes: number) => `--max-old-space-size=${mebibytes}`;

/** One organization, half of whose users hold already what is granted, and what was done with it so far. */
export interface LargeOrganization {
  users: number;
  world: World;
  /** Grants half of the users in Webex. Once; like all that follows, however often it is called. */
  halfGranted: () => Promise<void>;
  /** A worker has read everybody into an empty mirror. In seconds. */
  firstRead: () => Promise<number>;
  /** A rollout is planned. Time of the activity in seconds. */
  planned: () => Promise<Planned>;
  worker: () => Promise<MeasuredProcess>;
  /** Rejects if the worker ends by itself. */
  failed: Promise<never>;
}

export interface Planned {
  orgId: string;
  rolloutId: string;
  readSeconds: number;
  planSeconds: number;
}

const askEveryMs = 500;

export function largeOrganization(bench: Bench, world: World, users: number): LargeOrganization {
  const { client, db, rollouts } = world;
  const { signal, say } = bench;
  const { fail, failed } = failure();

  const halfGranted = once(async () => {
    const licenses = await createPlainClient(world.webex).licenses();
    const addLicenses = grant.map((offer) => licenses.get(offer) ?? '');
    const changed = await world.webex.changePeople({ every: 2, addLicenses, immediate: true });
    say(`${changed} users were granted in Webex what they lacked`);
  });
  const worker = once(async () => {
    await halfGranted();
    const started = await world.startWorker('bench', {
      NODE_OPTIONS: limitOf(heapLimits.worker),
      BENCH_WATCHES: 'false',
    });
    started.failed.catch(fail);
    return started;
  });
  const costing = <T>(what: string, work: () => Promise<T>) =>
    withProcessorTime((costs) => say(`processor time of ${what}: ${costs}`), work);
  const observation = async () => observeWorkflowId(organizationUuid(await findOrganization(db)));
  const firstRead = once(async () => {
    await costing('the first read', async () => {
      await worker();
      await client.workflow.getHandle(await observation()).result();
    });
    const workflowId = await observation();
    return await secondsOfActivity(client, workflowId, 'observe');
  });
  const planned = once(async (): Promise<Planned> => {
    await firstRead();
    const orgId = await rollouts.orgId();
    const templateId = await rollouts.saveTemplate(grant);
    const rolloutId = await rollouts.request(templateId, { pilot: null });
    await costing('reading and planning', () => untilPlanned(db, rolloutId, signal));
    const workflowId = rolloutWorkflowId(organizationUuid(orgId), rolloutId);
    const readSeconds = await secondsOfActivity(client, workflowId, 'observe');
    const planSeconds = await secondsOfActivity(client, workflowId, 'planRollout');
    return { orgId, rolloutId, readSeconds, planSeconds };
  });
  return { users, world, halfGranted, firstRead, planned, worker, failed };
}

async function untilPlanned(db: Db, rolloutId: string, signal: AbortSignal): Promise<void> {
  for (let phase = 'planning'; phase === 'planning';) {
    await sleep(askEveryMs, undefined, { signal });
    phase = await phaseOf(db, rolloutId);
    if (phase !== 'planning' && phase !== 'planned') throw new Error(`the rollout is ${phase}.`);
  }
}

/** A promise that others may reject, and nobody has to wait for. */
function failure(): { fail: (error: unknown) => void; failed: Promise<never> } {
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);
  return { fail, failed };
}

/** Does the work at the first call only. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | null = null;
  return () => {
    if (result === null) {
      result = work();
      // Whoever waits for it hears of a failure; a step whose time is over doesn't wait any more.
      result.catch(() => undefined);
    }
    return result;
  };
}
