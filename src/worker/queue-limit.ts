import type { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { Logger } from '../logger';
import { organizationUuid } from '../domain/model/webex-id';
import { writeTaskQueue } from '../contract/ids';

/** Another worker may have set another rate in the meantime: set ours again after this time. */
const repeatAfterMs = 20_000;

/** The rate is set next to writes and pauses, which must not wait for a server that is away. */
const patienceMs = 2_000;

/**
 * Sets the rate of an organization's write queue in the Temporal server, over all workers. It overrides
 * the rate that workers send when they poll.
 */
export function createQueueLimit(
  connection: Connection,
  namespace: string,
  logger: Logger,
): (orgId: string, perSecond: number) => Promise<void> {
  const sent = new Map<string, { perSecond: number; atMs: number }>();
  let isFailing = false;

  return async (orgId, perSecond) => {
    const last = sent.get(orgId);
    const isFresh = last?.perSecond === perSecond && Date.now() - last.atMs < repeatAfterMs;
    if (isFresh) return;
    try {
      await connection.withDeadline(Date.now() + patienceMs, () =>
        connection.workflowService.updateTaskQueueConfig({
          namespace,
          identity: 'seatwise',
          taskQueue: writeTaskQueue(organizationUuid(orgId)),
          taskQueueType: temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
          updateQueueRateLimit: {
            rateLimit: { requestsPerSecond: perSecond },
            reason: 'pace of the organization',
          },
        }),
      );
      sent.set(orgId, { perSecond, atMs: Date.now() });
      isFailing = false;
    } catch (error) {
      // The "not before" in the database still applies. The next round of upkeep tries again.
      if (!isFailing)
        logger.warn({ err: error, perSecond }, 'the pace could not be set in Temporal');
      isFailing = true;
    }
  };
}
