import { startChild, workflowInfo } from '@temporalio/workflow';
import type { PlanStep, PlanWave } from '../domain/plan/plan-summary';
import { applyShard } from './apply-shard';
import type { Job } from './job/job';
import { orgUuidInWorkflowId, writeTaskQueue } from '../contract/ids';
import { rereadWave } from './job/activity-calls';

/** Steps with this many users or more are written by two shards at once. */
const secondShardFrom = 100;
/** Reports per shard at most: keeps the rollout's history short with a million users. */
const reportsPerShard = 200;
/** A report costs five events. Shards with this many users or more report every 40 users, not every 10. */
const rareReportsFrom = 100;

/** The paced queue of the organization that this workflow writes to. */
export function writeQueue(): string {
  return writeTaskQueue(orgUuidInWorkflowId(workflowInfo().workflowId));
}

/**
 * Reads a wave's users again, and then writes those who are as planned, step by step: a later step
 * may need units that an earlier one frees (R46). Priorities: new users 1, the pilot 2, waves 3, so
 * that few users don't queue behind thousands.
 */
export async function writeWave(
  job: Job,
  wave: PlanWave,
  priorityKey = wave.wave === 0 ? 2 : 3,
): Promise<void> {
  await job.untilRunnable();
  job.recount((await rereadWave({ ...job.ref, wave: wave.wave })).counts);
  let shardNumber = 0;
  for (const step of wave.steps) {
    await job.untilRunnable();
    const shards = shardsOf(step).map(({ fromSeq, toSeq }) => {
      shardNumber += 1;
      return startShard(job, { wave, priorityKey, shardNumber, fromSeq, toSeq });
    });
    await Promise.all(shards);
  }
  await job.untilRunnable();
}

async function startShard(
  job: Job,
  shard: {
    wave: PlanWave;
    priorityKey: number;
    shardNumber: number;
    fromSeq: number;
    toSeq: number;
  },
): Promise<void> {
  const { wave, priorityKey, shardNumber, fromSeq, toSeq } = shard;
  const users = toSeq - fromSeq + 1;
  const child = await startChild(applyShard, {
    workflowId: `${workflowInfo().workflowId}/w${wave.wave}/s${shardNumber}`,
    staticSummary: `${wave.wave === 0 ? 'pilot' : `wave ${wave.wave}`}, rows ${fromSeq}–${toSeq}: ${users} users`,
    args: [
      {
        ...job.ref,
        writeQueue: writeQueue(),
        wave: wave.wave,
        priorityKey,
        fromSeq,
        toSeq,
        reportEvery: Math.max(
          users < rareReportsFrom ? 10 : 40,
          Math.ceil(users / reportsPerShard),
        ),
        control: job.control,
      },
    ],
  });
  await job.steer(child);
}

function shardsOf(step: PlanStep): { fromSeq: number; toSeq: number }[] {
  const { fromSeq, toSeq } = step;
  const users = toSeq - fromSeq + 1;
  if (users < secondShardFrom) return [{ fromSeq, toSeq }];
  const middle = fromSeq + Math.floor(users / 2);
  return [
    { fromSeq, toSeq: middle - 1 },
    { fromSeq: middle, toSeq },
  ];
}
