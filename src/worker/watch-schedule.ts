import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  isGrpcServiceError,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client';
import type { Db } from '../db/connect';
import { readSettings } from '../db/admin/settings';
import { isObserved } from '../db/directory/organizations';
import { organizationUuid } from '../domain/model/webex-id';
import type { Logger } from '../logger';
import { watchDirectoryWorkflow, type WatchInput } from '../contract/workflows';
import { orgAttribute } from '../contract/search-attributes';
import { mainTaskQueue, watchScheduleId } from '../contract/ids';

/** Somebody may have deleted or changed the schedule in Temporal: check it again after this time. */
const repeatAfterMs = 60_000;
const unimplemented = 12;

/**
 * Makes sure that the schedule of the watch exists in Temporal, with the interval of the settings. Any
 * number of workers may do so. Does nothing on a server without schedules.
 */
export function createWatchSchedule(input: {
  db: Db;
  client: Client;
  orgId: string;
  logger: Logger;
}): () => Promise<void> {
  const { db, client, orgId, logger } = input;
  let sent: { intervalSeconds: number; atMs: number } | null = null;
  let isMissing = false;

  return async () => {
    if (isMissing) return;
    // The worker starts the first read of the directory. The watch begins after it.
    if (sent === null && !(await isObserved(db, orgId))) return;
    const { settings } = await readSettings(db, orgId);
    const { intervalSeconds } = settings.watch;
    const isFresh = sent !== null && Date.now() - sent.atMs < repeatAfterMs;
    if (isFresh && sent?.intervalSeconds === intervalSeconds) return;
    try {
      await ensureSchedule(client, orgId, intervalSeconds);
      sent = { intervalSeconds, atMs: Date.now() };
    } catch (error) {
      if (!isUnimplemented(error)) throw error;
      isMissing = true;
      logger.warn('this Temporal server has no schedules, so the directory is not watched');
    }
  };
}

async function ensureSchedule(
  client: Client,
  orgId: string,
  intervalSeconds: number,
): Promise<void> {
  const wanted = scheduleOf(orgId, intervalSeconds);
  const handle = client.schedule.getHandle(wanted.scheduleId);
  try {
    const { spec, action: current } = await handle.describe();
    const hasInterval =
      spec.intervals?.length === 1 && spec.intervals[0]?.every === intervalSeconds * 1_000;
    // A schedule of 0.1.0 starts its checks on the queue that all organizations shared.
    if (hasInterval && current.taskQueue === wanted.action.taskQueue) return;
    const { spec: newSpec, action, policies } = wanted;
    await handle.update(({ state, typedSearchAttributes }) => ({
      spec: newSpec,
      action,
      ...(policies ? { policies } : {}),
      state,
      typedSearchAttributes,
    }));
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    await client.schedule.create(wanted).catch((failure: unknown) => {
      if (!(failure instanceof ScheduleAlreadyRunning)) throw failure;
    });
  }
}

/** After an outage only one of the missed checks is made up for. */
function scheduleOf(orgId: string, intervalSeconds: number): ScheduleOptions {
  const orgUuid = organizationUuid(orgId);
  const scheduleId = watchScheduleId(orgUuid);
  const args: [WatchInput] = [{ orgId }];
  const typedSearchAttributes = [{ key: orgAttribute, value: orgUuid }];
  return {
    scheduleId,
    spec: { intervals: [{ every: intervalSeconds * 1_000 }] },
    policies: {
      overlap: ScheduleOverlapPolicy.SKIP,
      catchupWindow: Math.max(60, 2 * intervalSeconds) * 1_000,
    },
    action: {
      type: 'startWorkflow',
      workflowType: watchDirectoryWorkflow,
      workflowId: scheduleId,
      taskQueue: mainTaskQueue(orgUuid),
      args,
      staticSummary: 'Check for new users and group changes',
      typedSearchAttributes,
    },
    typedSearchAttributes,
    state: { triggerImmediately: true },
  };
}

function isUnimplemented(error: unknown): boolean {
  const { cause } = error as { cause?: unknown };
  return [error, cause].some(
    (one) => isGrpcServiceError(one) && (one.code as number) === unimplemented,
  );
}
