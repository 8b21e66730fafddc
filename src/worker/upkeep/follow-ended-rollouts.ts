import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { followUpWorkflowId, mainTaskQueue, writeTaskQueue } from '../../contract/ids';
import { verifyPropagationWorkflow, type VerifyInput } from '../../contract/workflows';
import type { Db } from '../../db/connect';
import {
  beginLateFollowUps,
  endFollowUp,
  followUpsPerPage,
  listFollowUps,
  type FollowUp,
} from '../../db/rollout/follow-up';

/** The last rollout of the page that was followed last; null: the next turn begins anew. */
export interface FollowUpCursor {
  after: string | null;
}

/**
 * Verifies the written users of rollouts that ended early (R99): after an abort, a failure, or a
 * workflow that was ended in Temporal. Starting one twice is harmless: its id is taken. Each turn takes
 * the page after the last one, so that however many there are, all have their turn.
 */
export async function followEndedRollouts(
  db: Db,
  client: Client,
  orgId: string,
  cursor: FollowUpCursor = { after: null },
): Promise<number> {
  await beginLateFollowUps(db, orgId);
  let started = 0;
  const failures: unknown[] = [];
  const page = await listFollowUps(db, orgId, cursor.after);
  cursor.after = page.length < followUpsPerPage ? null : (page.at(-1)?.rolloutId ?? null);
  for (const followUp of page) {
    try {
      if (followUp.waves.length === 0) await endFollowUp(db, followUp.rolloutId);
      else if (await start(client, followUp)) started += 1;
    } catch (error) {
      // One that can't be followed doesn't keep those behind it waiting.
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return started;
}

async function start(
  { workflow }: Client,
  { orgId, orgUuid, rolloutId, waves, schedule, untilMs }: FollowUp,
): Promise<boolean> {
  const input: VerifyInput = {
    orgId,
    rolloutId,
    writeQueue: writeTaskQueue(orgUuid),
    waves,
    schedule,
    deadlineAtMs: untilMs,
    sweepsDone: 0,
  };
  try {
    await workflow.start(verifyPropagationWorkflow, {
      workflowId: followUpWorkflowId(orgUuid, rolloutId),
      taskQueue: mainTaskQueue(orgUuid),
      args: [input],
      staticSummary: `verifies an ended rollout until ${new Date(untilMs).toISOString()}`,
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
