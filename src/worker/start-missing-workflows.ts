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
 * Starts the workflows of rollouts that have none: the process that wrote the row ended before it could
 * start one, or Temporal was down. Rollouts whose workflow was ended in Temporal, or lost by it, fail.
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
 * Whether a new workflow can still run this rollout. A rollout in a later phase had a workflow that
 * Temporal has lost: another one would plan again, over changes that are already written.
 */
function mayBegin({ phase, workflowId }: LivingRow): boolean {
  return phase === (isRetry(workflowId) ? 'rolling-out' : 'planning');
}

/**
 * Somebody ended the workflow in the Temporal UI, or Temporal was restored from an old backup: the
 * rollout must not block its organization.
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
          ? 'Temporal has lost its workflow'
          : `its workflow was ended in Temporal (${status.toLowerCase()})`,
      waitingFor: null,
      draft: 'dropped',
    });
    await withholdUnwritten(db, rolloutId);
  } catch (error) {
    // It ended in the meantime.
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
    taskQueue: mainTaskQueue(row.orgUuid),
    args: [input],
    staticSummary: `Retry of: ${row.title}`,
  });
}
