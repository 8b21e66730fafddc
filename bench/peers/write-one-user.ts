import { proxyActivities } from '@temporalio/workflow';
import type { Activities, UserRef } from '../../src/contract/activities';

/** The child of the fan-out: one workflow for one user, with the activity that shards use. */
export async function writeOneUser(input: { user: UserRef; writeQueue: string }): Promise<void> {
  const { applyUser } = proxyActivities<Activities>({
    taskQueue: input.writeQueue,
    startToCloseTimeout: '10s',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
    priority: { priorityKey: 3 },
  });
  await applyUser(input.user);
}
