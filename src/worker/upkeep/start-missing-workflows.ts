import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import type { Db } from '../../db/connect';
import { plainMessage } from '../../database-error';
import { closeStranded } from '../../db/rollout/ending/close-stranded';
import { forgetUnstarted, recordWaiting } from '../../db/rollout/record-flags';
import { RolloutMismatchError } from '../../db/rollout/record-move';
import { listLivingRollouts, type LivingRow } from '../../db/rollout/startable-rollouts';
import { rolloutStart } from '../../contract/rollout-start';
import { retryFailedWorkflow, rolloutWorkflow, type RetryInput } from '../../contract/workflows';
import { mainTaskQueue } from '../../contract/ids';
import { eachRow, type Cursor } from './each-row';
import type { PoisonedRows } from './poisoned-rows';

/** How long one question to Temporal may take. */
const patienceMs = 5_000;

export interface MissingDeps {
  db: Db;
  client: Client;
  orgId: string;
  userLabels: 'email' | 'id';
  poisoned: PoisonedRows;
  cursor: Cursor;
}

/**
 * Starts the workflows of rollouts that have none: the process that wrote the row ended before it could
 * start one, or Temporal was down. Rollouts whose workflow was ended in Temporal, or lost by it, fail.
 * Returns how many were started.
 */
export async function startMissingWorkflows(deps: MissingDeps): Promise<number> {
  const { db, orgId, poisoned, cursor } = deps;
  let started = 0;
  const rows = await listLivingRollouts(db, orgId);
  await eachRow(
    rows.filter(({ rolloutId }) => !poisoned.rests(rolloutId)),
    cursor,
    async (row) => {
      if (await lookAfter(deps, row)) started += 1;
      poisoned.forget(row.rolloutId);
    },
    (row, error) => reportUnstarted(deps, row, error),
  );
  return started;
}

/** Returns whether the workflow was started. */
async function lookAfter(deps: MissingDeps, row: LivingRow): Promise<boolean> {
  const { db, client } = deps;
  return await client.withDeadline(Date.now() + patienceMs, async () => {
    const status = await workflowStatus(client, row.workflowId);
    if (status === 'RUNNING') {
      if (row.phase === 'planning') await forgetUnstarted(db, row.rolloutId);
      return false;
    }
    if (status !== null || !mayBegin(row)) {
      await endStranded(db, row, status);
      return false;
    }
    await startWorkflow(deps, row).catch((error: unknown) => {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    });
    if (row.phase === 'planning') await forgetUnstarted(db, row.rolloutId);
    return true;
  });
}

/** Says on the rollout itself why nothing happens. */
async function reportUnstarted(
  { db, poisoned }: MissingDeps,
  { orgId, rolloutId, phase }: LivingRow,
  error: unknown,
): Promise<void> {
  if (phase === 'planning') {
    const waitingFor = `Temporal to start its workflow: ${plainMessage(error)}`;
    await recordWaiting(db, { rolloutId, waitingFor, deadlineAt: null });
  }
  await poisoned.failed(rolloutId, error, {
    orgId,
    rolloutId,
    action: 'rollout.workflow-not-started',
    message: "the workflow of a rollout can't be started",
  });
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
  const reason =
    status === null
      ? 'Temporal has lost its workflow'
      : `its workflow was ended in Temporal (${status.toLowerCase()})`;
  try {
    // False while a write is under way: the next turn asks again.
    await closeStranded(db, { ...row, reason });
  } catch (error) {
    // It ended in the meantime.
    if (!(error instanceof RolloutMismatchError)) throw error;
  }
}

function isRetry(workflowId: string): boolean {
  return workflowId.includes('/retry/');
}

async function startWorkflow({ client, userLabels }: MissingDeps, row: LivingRow): Promise<void> {
  const start = rolloutStart(row, userLabels);
  if (!isRetry(row.workflowId)) {
    await client.workflow.start(rolloutWorkflow, start);
    return;
  }
  const { orgId, rolloutId, retries, phaseVersion } = row;
  const input: RetryInput = { orgId, rolloutId, n: retries, phaseVersion };
  await client.workflow.start(retryFailedWorkflow, {
    workflowId: row.workflowId,
    taskQueue: mainTaskQueue(row.orgUuid),
    args: [input],
    staticSummary: `Retry of: ${start.staticSummary}`,
  });
}
