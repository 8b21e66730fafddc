/** A worker whose rollouts are planned and wait for their start: sends what they occupy. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { Activities } from '../../src/contract/activities';
import { rolloutWorkflow } from '../../src/contract/workflows';
import { installRuntime } from '../../src/process/temporal-runtime';
import { createLogger } from '../../src/logger';

export interface PlansHeld {
  plans: number;
  bytes: number;
}

const [address = '', codePath = '', count = '', cached = ''] = process.argv.slice(2);
const taskQueue = 'bench/plans';
const startsAtOnce = 20;
/** Until the memory of what has just happened has been returned. */
const settleMs = 5_000;

/** What the worker's answers cost in the history is as in production: a page of Markdown, and no users. */
const plan: Awaited<ReturnType<Activities['planRollout']>> = {
  digest: 'a'.repeat(64),
  total: 1_000_000,
  planned: 500_000,
  waves: [{ wave: 1, users: 500_000, soakSeconds: 0, steps: [] }],
  counts: { planned: 500_000 },
  governsFromStart: false,
  gates: 'manual',
  failurePercent: 10,
  schedule: { intervalsSeconds: [60], deadlineSeconds: 86_400 },
  expiresInMs: 86_400_000,
  details: 'What is planned, and for whom. '.repeat(60),
};

async function main(): Promise<void> {
  installRuntime(createLogger({ name: 'plans', level: 'error' }));
  const plans = Number(count);
  const waiting = new Set<string>();
  const native = await NativeConnection.connect({ address });
  const connection = await Connection.connect({ address });
  const { workflow } = new Client({ connection });
  const activities: Pick<Activities, 'observe' | 'planRollout' | 'movePhase'> = {
    observe: () => Promise.resolve({ users: plan.total }),
    planRollout: () => Promise.resolve(plan),
    movePhase({ rolloutId }) {
      waiting.add(rolloutId);
      return Promise.resolve({ counts: plan.counts });
    },
  };
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    workflowBundle: { codePath },
    activities: { ...activities },
    maxCachedWorkflows: Number(cached),
  });
  const run = worker.run();
  const start = async (prefix: string, n: number) => {
    const rolloutId = randomUUID();
    const args = [{ orgId: 'bench', rolloutId }];
    await workflow.start(rolloutWorkflow, { workflowId: `${prefix}/${n}`, taskQueue, args });
  };
  const untilWaiting = async (of: number) => {
    while (waiting.size < of) await sleep(100);
    await sleep(settleMs);
  };
  // Once for whatever the first ones leave behind that isn't a plan.
  const first = `rollout/${randomUUID()}`;
  for (let n = 0; n < startsAtOnce; n += 1) await start(first, n);
  await untilWaiting(startsAtOnce);
  const before = process.memoryUsage().rss;
  const prefix = `rollout/${randomUUID()}`;
  for (let n = 0; n < plans; n += startsAtOnce) {
    await Promise.all(Array.from({ length: startsAtOnce }, (_, at) => start(prefix, n + at)));
  }
  await untilWaiting(startsAtOnce + plans);
  process.send?.({ plans, bytes: process.memoryUsage().rss - before } satisfies PlansHeld);
  worker.shutdown();
  await run;
  await native.close();
  await connection.close();
}

void main();
