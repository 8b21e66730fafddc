import type { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { Logger } from '../logger';
import { organizationUuid } from '../domain/model/webex-id';
import { writeTaskQueue } from '../contract/ids';

/** Another worker may have set another rate since: ours is said again after this. */
const repeatAfterMs = 20_000;

/**
 * Tells the server how fast the write queue of an organization may be emptied, by all workers
 * together. It overrides what workers ask for when they poll.
 */
export function createQueueLimit(
  connection: Connection,
  namespace: string,
  logger: Logger,
): (orgId: string, perSecond: number) => Promise<void> {
  const said = new Map<string, { perSecond: number; atMs: number }>();
  let isFailing = false;

  return async (orgId, perSecond) => {
    const last = said.get(orgId);
    const isFresh = last?.perSecond === perSecond && Date.now() - last.atMs < repeatAfterMs;
    if (isFresh) return;
    try {
      await connection.workflowService.updateTaskQueueConfig({
        namespace,
        identity: 'seatwise',
        taskQueue: writeTaskQueue(organizationUuid(orgId)),
        taskQueueType: temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
        updateQueueRateLimit: {
          rateLimit: { requestsPerSecond: perSecond },
          reason: 'pace of the organization',
        },
      });
      said.set(orgId, { perSecond, atMs: Date.now() });
      isFailing = false;
    } catch (error) {
      // The "not before" of the database still holds; the next round of upkeep says it again.
      if (!isFailing)
        logger.warn({ err: error, perSecond }, 'the pace could not be told to Temporal');
      isFailing = true;
    }
  };
}
