import { systemActor } from '../domain/model/actor';
import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import type { Db } from '../db/connect';
import { RolloutMismatchError, recordMove } from '../db/rollout/record-move';
import { listLivingRollouts, type LivingRow } from '../db/rollout/startable-rollouts';
import { withholdUnwritten } from '../db/rollout/withhold-unwritten';
import { rolloutStart } from '../contract/rollout-start';
import { retryFailedWorkflow, rolloutWorkflow, type RetryInput } from '../contract/workflows';
import { mainTaskQueue } from '../contract/ids';

/**
 * Starts the workflows of rows that have none: the process that wrote the row ended before it could,
 * or Temporal was away. Rows whose workflow was ended past us, or lost by Temporal, are closed as failed.
 */
export async function startMissingWorkflows(db: Db, client: Client): Promise<number> {
  let started = 0;
  for (const row of await listLivingRollouts(db)) {
    const status = await workflowStatus(client, row.workflowId);
    if (status === 'RUNNING') continue;
    if (status !== null || !mayBegin(row)) {
      await endStranded(db, row, status);
      continue;
    }
    await startWorkflow(client, row).catch((error: unknown) => {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    });
    started += 1;
  }
  return started;
}

async function workflowStatus(client: Client, workflowId: string): Promise<string | null> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name === 'PAUSED' ? 'RUNNING' : status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/**
 * Whether a workflow can still take this row up. One that is further on had a workflow, which Temporal
 * has lost: another would plan anew over what was written.
 */
function mayBegin({ phase, workflowId }: LivingRow): boolean {
  return phase === (isRetry(workflowId) ? 'rolling-out' : 'planning');
}

/**
 * Somebody ended the workflow past us, in the Temporal UI, or Temporal was restored from an old
 * back-up: the row must not block its organization.
 */
async function endStranded(db: Db, row: LivingRow, status: string | null): Promise<void> {
  const { orgId, rolloutId, phase, phaseVersion } = row;
  try {
    await recordMove(db, {
      orgId,
      rolloutId,
      from: phase,
      to: 'failed',
      version: phaseVersion + 1,
      actor: systemActor,
      reason:
        status === null
          ? 'Temporal has no workflow of it any more'
          : `its workflow was ended in Temporal (${status.toLowerCase()})`,
      waitingFor: null,
      draft: 'dropped',
    });
    await withholdUnwritten(db, rolloutId);
  } catch (error) {
    // It ended by itself between the two looks.
    if (!(error instanceof RolloutMismatchError)) throw error;
  }
}

function isRetry(workflowId: string): boolean {
  return workflowId.includes('/retry/');
}

async function startWorkflow(client: Client, row: LivingRow): Promise<void> {
  if (!isRetry(row.workflowId)) {
    await client.workflow.start(rolloutWorkflow, rolloutStart(row));
    return;
  }
  const { orgId, rolloutId, retries, phaseVersion } = row;
  const input: RetryInput = { orgId, rolloutId, n: retries, phaseVersion };
  await client.workflow.start(retryFailedWorkflow, {
    workflowId: row.workflowId,
    taskQueue: mainTaskQueue,
    args: [input],
    staticSummary: `Retry of: ${row.title}`,
  });
}
