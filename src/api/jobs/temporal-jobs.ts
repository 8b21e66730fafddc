import { setTimeout as delay } from 'node:timers/promises';
import {
  type Client,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  isGrpcDeadlineError,
  isGrpcServiceError,
  type WorkflowHandle,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { failureTypes, type FailureType } from '../../contract/failure';
import {
  progressQuery,
  type ActionInput,
  type ActionResult,
  type JobProgress,
} from '../../contract/messages';
import { rolloutStart } from '../../contract/rollout-start';
import {
  observeDirectoryWorkflow,
  readMembersWorkflow,
  retryFailedWorkflow,
  rolloutWorkflow,
  type RetryInput,
} from '../../contract/workflows';
import {
  acceptingObserveWorkflowId,
  mainTaskQueue,
  observeWorkflowId,
  readMembersWorkflowId,
  retryWorkflowId,
  watchScheduleId,
} from '../../contract/ids';
import { uuidOf } from '../../domain/model/webex-id';
import { cached } from './cached';
import type { ActAnswer, Jobs } from './jobs';
import { Outage } from './outage';

/** How long a worker has to accept an action before the answer is 202. */
const takeMs = 2_000;
/** How long an accepted action can take: a pause waits for writes in flight. */
const finishMs = 15_000;
const queryMs = 1_000;
/** How long the first save of a group's template waits for the group's members. */
const readMembersMs = 15_000;
const startMs = 3_000;
const progressAgeMs = 1_000;
/** A workflow that many activities report to may be slow to answer. */
const progressPatience = { waitMs: 20, oldestMs: 5_000 };
/** Temporal's clock and ours may differ by this much. */
const clockMarginMs = 250;

/** The jobs on a Temporal client. The caller owns the connection. */
export function createTemporalJobs(client: Client, userLabels: 'email' | 'id' = 'email'): Jobs {
  const { workflow, schedule, workflowService } = client;
  const within = <T>(ms: number, call: () => Promise<T>) =>
    client.withDeadline(Date.now() + ms, call);
  const startOnceWithin = (start: () => Promise<unknown>) =>
    within(startMs, () => startOnce(start));
  const ping = () =>
    within(queryMs, () => workflowService.getSystemInfo({})).then(
      () => true,
      () => false,
    );
  const outage = new Outage(ping);
  return {
    startRollout: (row) =>
      startOnceWithin(() => workflow.start(rolloutWorkflow, rolloutStart(row, userLabels))),
    startRetry: (row) =>
      startOnceWithin(() => workflow.start(retryFailedWorkflow, retryStart(row, userLabels))),
    async startObserve({ orgId, orgUuid, dropsAcceptedBy }) {
      const toWorkflowId = dropsAcceptedBy ? acceptingObserveWorkflowId : observeWorkflowId;
      const start = {
        workflowId: toWorkflowId(orgUuid),
        taskQueue: mainTaskQueue(orgUuid),
        workflowIdConflictPolicy: 'USE_EXISTING' as const,
        args: [{ orgId, ...(dropsAcceptedBy ? { dropsAcceptedBy } : {}) }],
      };
      await within(startMs, () => workflow.start(observeDirectoryWorkflow, start));
    },
    readMembers: (group) => readMembers(client, group),
    async startCheck({ orgUuid }) {
      const watch = schedule.getHandle(watchScheduleId(orgUuid));
      try {
        const { info } = await within(startMs, () => watch.describe());
        await delay(untilNextSecondMs(info.recentActions.at(-1)?.takenAt, new Date()));
        await within(startMs, () => watch.trigger(ScheduleOverlapPolicy.BUFFER_ONE));
        return true;
      } catch (error) {
        if (error instanceof ScheduleNotFoundError) return false;
        throw error;
      }
    },
    act: (action) => deliver(client, action),
    progress: cached(progressAgeMs, (workflowId: string) => queryProgress(client, workflowId), {
      patience: progressPatience,
    }),
    ping,
    awaySince: cached(progressAgeMs, () => outage.awaySince()).bind(null, 'temporal'),
  };
}

/** As the rollout itself starts, under an id of its own. */
function retryStart(row: Parameters<Jobs['startRetry']>[0], userLabels: 'email' | 'id') {
  const { orgId, rolloutId, n, phaseVersion } = row;
  const input: RetryInput = { orgId, rolloutId, n, phaseVersion };
  const common = rolloutStart(row, userLabels);
  return {
    ...common,
    workflowId: retryWorkflowId(row.orgUuid, rolloutId, n),
    args: [input] as [RetryInput],
    staticSummary: `Retry ${n}: ${common.staticSummary}`,
  };
}

/** False if the read fails or takes too long; it goes on without us. */
async function readMembers(
  client: Client,
  { orgId, orgUuid, groupId }: { orgId: string; orgUuid: string; groupId: string },
): Promise<boolean> {
  const start = {
    workflowId: readMembersWorkflowId(orgUuid, uuidOf(groupId) ?? groupId),
    taskQueue: mainTaskQueue(orgUuid),
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowExecutionTimeout: readMembersMs,
    args: [{ orgId, groupId }],
  };
  const handle = await client.withDeadline(Date.now() + startMs, () =>
    client.workflow.start(readMembersWorkflow, start),
  );
  try {
    const read: unknown = await client.withDeadline(Date.now() + readMembersMs, () =>
      handle.result(),
    );
    return (read as { isWhole: boolean }).isWhole;
  } catch {
    return false;
  }
}

/**
 * Temporal names a scheduled run after the second in which it is triggered, and drops one without a
 * word whose name has been used. So a check that follows another one waits until that second is over.
 */
export function untilNextSecondMs(takenAt: Date | undefined, now: Date): number {
  if (takenAt === undefined) return 0;
  const secondEndsAt = Math.floor(takenAt.getTime() / 1_000) * 1_000 + 1_000;
  const leftMs = secondEndsAt + clockMarginMs - now.getTime();
  return leftMs > 0 && leftMs <= 1_000 + clockMarginMs ? leftMs : 0;
}

/** A workflow that has already ended counts as started: ids are never used twice. */
async function startOnce(start: () => Promise<unknown>): Promise<void> {
  try {
    await start();
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

async function deliver(
  client: Client,
  action: { workflowId: string; updateName: string; updateId: string; input: ActionInput },
): Promise<ActAnswer> {
  const handle: WorkflowHandle = client.workflow.getHandle(action.workflowId);
  try {
    const taken = await client.withDeadline(Date.now() + takeMs, () =>
      handle.startUpdate<ActionResult, [ActionInput]>(action.updateName, {
        updateId: action.updateId,
        args: [action.input],
        waitForStage: 'ACCEPTED',
      }),
    );
    const result = await client.withDeadline(Date.now() + finishMs, () => taken.result());
    return { kind: 'applied', result };
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) return rejectionOf(error);
    // Not started yet, no worker polls, or Temporal can't be reached: the action is delivered again.
    if (isUnanswered(error)) return { kind: 'accepted' };
    throw error;
  }
}

function rejectionOf(error: WorkflowUpdateFailedError): ActAnswer {
  const { cause } = error;
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  const known = failureTypes.find((candidate): candidate is FailureType => candidate === type);
  // A failure of an unknown type is a bug of a handler: it becomes a 500 and is logged.
  if (!known || !(cause instanceof ApplicationFailure)) throw error;
  return { kind: 'rejected', type: known, message: cause.message, details: cause.details?.[0] };
}

async function queryProgress(client: Client, workflowId: string): Promise<JobProgress | null> {
  try {
    const handle = client.workflow.getHandle(workflowId);
    return await client.withDeadline(Date.now() + queryMs, () => handle.query(progressQuery));
  } catch (error) {
    if (isUnanswered(error) || isGrpcServiceError(error)) return null;
    if (error instanceof Error && error.name === 'QueryNotRegisteredError') return null;
    throw error;
  }
}

function isUnanswered(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  if (error instanceof WorkflowNotFoundError || isGrpcDeadlineError(error)) return true;
  const { cause } = error as { cause?: unknown };
  return isGrpcServiceError(error) || isGrpcServiceError(cause);
}
