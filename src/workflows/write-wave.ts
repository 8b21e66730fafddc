import { condition, patched, startChild, workflowInfo } from '@temporalio/workflow';
import type { PlanWave } from '../domain/plan/plan-summary';
import { mergeSteps, reportEvery, shardsOf, type ShardRange } from '../domain/rollout/shards';
import { applyShard } from './apply-shard';
import type { Job } from './job/job';
import { orgUuidInWorkflowId, writeTaskQueue } from '../contract/ids';
import { isShardReport } from '../contract/well-formed';
import { rereadWave } from './job/activity-calls';
import { clockMarginMs, secondRead } from './job/second-read';

/** Two reads are enough while users stay where they are; each costs events of this workflow. */
const mostReads = 25;
const unsteady = `Webex doesn't find other users at each of ${mostReads} reads of the wave`;

/** The paced queue of the organization that this workflow writes to. */
export function writeQueue(): string {
  return writeTaskQueue(orgUuidInWorkflowId(workflowInfo().workflowId));
}

/**
 * Reads a wave's users again, and then writes those who are as planned, step by step: a later step
 * may need units that an earlier one frees (R46). Small steps share a shard, so that this workflow has
 * few children. Priorities: new users 1, the pilot 2, waves 3, so that few users don't queue behind
 * thousands.
 */
export async function writeWave(
  job: Job,
  wave: PlanWave,
  priorityKey = wave.wave === 0 ? 2 : 3,
): Promise<void> {
  await job.untilRunnable();
  await reread(job, wave);
  const steps = patched('small-steps-share-a-shard')
    ? mergeSteps(wave, job.state.waves)
    : wave.steps;
  let shardNumber = 0;
  for (const step of steps) {
    await job.untilRunnable();
    const ranges = shardsOf(step);
    const shards = ranges.map((range) => {
      shardNumber += 1;
      return startShard(job, { wave, priorityKey, shardNumber, shards: ranges.length, range });
    });
    await Promise.all(shards);
  }
  await job.untilRunnable();
}

/**
 * Until the plan is found to be right today: one that has aged halts the rollout (R101). Who isn't found
 * counts as gone only if a second read agrees, and so does who isn't shown in a group (R89); histories from
 * before that have no `againAfterMs` and no `confirm`.
 */
async function reread(job: Job, { wave }: PlanWave): Promise<void> {
  let confirmed = false;
  for (let reads = 1; ; reads += 1) {
    const found = await rereadWave({ ...job.ref, wave, ...(confirmed ? { confirmed } : {}) });
    const { counts, stale, againAfterMs, confirm } = found;
    job.recount(counts);
    if (confirm !== undefined && patched('waves-read-members')) {
      await secondRead(job.ref.orgId, confirm);
      confirmed = true;
    } else if (againAfterMs !== undefined && reads >= mostReads && patched('rereads-are-bounded')) {
      reads = 0;
      job.addReport({ counts: {}, halted: { reason: unsteady } });
    } else if (stale !== undefined) {
      confirmed = false;
      job.addReport({ counts: {}, halted: { reason: stale } });
    } else if (againAfterMs !== undefined) {
      await condition(() => job.ended, againAfterMs + clockMarginMs);
    } else {
      return;
    }
    await job.untilRunnable();
  }
}

async function startShard(
  job: Job,
  shard: {
    wave: PlanWave;
    priorityKey: number;
    shardNumber: number;
    shards: number;
    range: ShardRange;
  },
): Promise<void> {
  const { wave, priorityKey, shardNumber, shards, range } = shard;
  const { fromSeq, toSeq } = range;
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
        reportEvery: reportEvery(range, wave.users, job.state.waves),
        control: job.control,
        shards,
        returnsCounts: true,
        waitsFor: job.toldWaits,
      },
    ],
  });
  // A shard that an earlier version ran has no result: its last counts came as a report.
  const last = { halted: null, ...(await job.steer(child)) };
  if (isShardReport(last)) job.addReport(last);
}
