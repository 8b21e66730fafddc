import { startChild, workflowInfo } from '@temporalio/workflow';
import type { PlanStep, PlanWave } from '../domain/plan/plan-summary';
import { uuidOf } from '../domain/model/webex-id';
import { applyShard } from './apply-shard';
import type { Job } from './job/job';
import { writeTaskQueue } from '../contract/ids';
import { rereadWave } from './job/activity-calls';

/** From this many users on, a step is written by two shards at once. */
const secondShardFrom = 100;
/** Reports to the rollout per shard, at most: keeps its history short at a million users. */
const reportsPerShard = 200;
/** A report costs five events: in a shard of this many users that must be few of its 6.2 per user. */
const sparingFrom = 100;

/** Where an organization's writes go. */
export function writeQueueOf(job: Job): string {
  return writeTaskQueue(uuidOf(job.orgId) ?? job.orgId);
}

/**
 * Reads a wave's users again, and then writes those who are as planned, step by step: a later step
 * may need units that an earlier one frees (R46). Pilots go before other waves, and new users before
 * both.
 */
export async function writeWave(
  job: Job,
  wave: PlanWave,
  priorityKey = wave.wave === 0 ? 2 : 3,
): Promise<void> {
  await job.ready();
  const { orgId, rolloutId } = job;
  const { counts } = await rereadWave({ orgId, rolloutId, wave: wave.wave });
  job.counts = counts;
  let shardNumber = 0;
  for (const step of wave.steps) {
    await job.ready();
    const shards = shardsOf(step).map(({ fromSeq, toSeq }) => {
      shardNumber += 1;
      return startShard(job, { wave, priorityKey, shardNumber, fromSeq, toSeq });
    });
    await Promise.all(shards);
  }
  await job.ready();
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
        orgId: job.orgId,
        rolloutId: job.rolloutId,
        writeQueue: writeQueueOf(job),
        wave: wave.wave,
        priorityKey,
        fromSeq,
        toSeq,
        reportEvery: Math.max(users < sparingFrom ? 10 : 40, Math.ceil(users / reportsPerShard)),
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
