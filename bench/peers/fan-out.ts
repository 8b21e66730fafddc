import { condition, continueAsNew, executeChild, workflowInfo } from '@temporalio/workflow';
import type { RolloutRef } from '../../src/contract/activities';
import { writeOneUser } from './write-one-user';

export interface FanOutInput extends RolloutRef {
  writeQueue: string;
  fromSeq: number;
  toSeq: number;
  /** Children that run at once. */
  atOnce: number;
}

const usersPerRun = 1_000;

/** The peer of `applyShard`: one child workflow per user, a bounded number at once. */
export async function fanOut(input: FanOutInput): Promise<void> {
  const { orgId, rolloutId, writeQueue, fromSeq, toSeq, atOnce } = input;
  const lastSeq = Math.min(toSeq, fromSeq + usersPerRun - 1);
  const failures: unknown[] = [];
  let running = 0;
  for (let seq = fromSeq; seq <= lastSeq && failures.length === 0; seq += 1) {
    await condition(() => running < atOnce);
    running += 1;
    void executeChild(writeOneUser, {
      workflowId: `${workflowInfo().workflowId}/u${seq}`,
      args: [{ user: { orgId, rolloutId, seq }, writeQueue }],
    })
      .catch((error: unknown) => failures.push(error))
      .finally(() => {
        running -= 1;
      });
  }
  await condition(() => running === 0);
  if (failures.length > 0) throw failures[0];
  if (lastSeq < toSeq) await continueAsNew<typeof fanOut>({ ...input, fromSeq: lastSeq + 1 });
}
