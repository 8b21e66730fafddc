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
  retryFailedWorkflow,
  rolloutWorkflow,
  type RetryInput,
} from '../../contract/workflows';
import {
  acceptingObserveWorkflowId,
  mainTaskQueue,
  observeWorkflowId,
  retryWorkflowId,
  watchScheduleId,
} from '../../contract/ids';
import { cached } from './cached';
import type { ActAnswer, Jobs } from './jobs';

/** How long a worker has to take an action before the caller is told that it is only accepted. */
const takeMs = 2_000;
/** How long an action that was taken may take: a pause waits for writes in flight. */
const finishMs = 15_000;
const queryMs = 1_000;
const startMs = 3_000;
const progressAgeMs = 1_000;

/** The jobs on a Temporal client. Connections are the caller's. */
export function createTemporalJobs(client: Client): Jobs {
  const progress = cached(progressAgeMs, (workflowId: string) => queryProgress(client, workflowId));
  return {
    async startRollout(row) {
      await client.withDeadline(Date.now() + startMs, () =>
        startOnce(() => client.workflow.start(rolloutWorkflow, rolloutStart(row))),
      );
    },
    async startRetry(row) {
      const { orgId, rolloutId, n, phaseVersion } = row;
      const input: RetryInput = { orgId, rolloutId, n, phaseVersion };
      await client.withDeadline(Date.now() + startMs, () =>
        startOnce(() =>
          client.workflow.start(retryFailedWorkflow, {
            ...rolloutStart(row),
            workflowId: retryWorkflowId(row.orgUuid, rolloutId, n),
            args: [input],
            staticSummary: `Retry ${n}: ${row.title}`,
          }),
        ),
      );
    },
    async startObserve({ orgId, orgUuid, dropsAcceptedBy }) {
      await client.withDeadline(Date.now() + startMs, () =>
        client.workflow.start(observeDirectoryWorkflow, {
          workflowId: dropsAcceptedBy
            ? acceptingObserveWorkflowId(orgUuid)
            : observeWorkflowId(orgUuid),
          taskQueue: mainTaskQueue,
          workflowIdConflictPolicy: 'USE_EXISTING',
          args: [{ orgId, ...(dropsAcceptedBy ? { dropsAcceptedBy } : {}) }],
        }),
      );
    },
    async startLook({ orgUuid }) {
      try {
        await client.withDeadline(Date.now() + startMs, () =>
          client.schedule
            .getHandle(watchScheduleId(orgUuid))
            .trigger(ScheduleOverlapPolicy.BUFFER_ONE),
        );
        return true;
      } catch (error) {
        if (error instanceof ScheduleNotFoundError) return false;
        throw error;
      }
    },
    act: (action) => deliver(client, action),
    progress,
    async ping() {
      try {
        await client.withDeadline(Date.now() + queryMs, () =>
          client.workflowService.getSystemInfo({}),
        );
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** A workflow that has even ended is as good as started: ids are never used twice. */
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
    // Not started yet, nobody listens, or Temporal is away: it is kept and delivered again.
    if (isUnanswered(error)) return { kind: 'accepted' };
    throw error;
  }
}

function rejectionOf(error: WorkflowUpdateFailedError): ActAnswer {
  const { cause } = error;
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  const known = failureTypes.find((candidate): candidate is FailureType => candidate === type);
  // A failure of no known type is a bug of a handler: it becomes a 500, and is logged.
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
