import { mainTaskQueue } from '../../src/contract/ids';
import { organizationUuid } from '../../src/domain/model/webex-id';
import { closeForPeer, openForPeer, rangeOfWave } from '../world/plan-rows';
import type { World } from '../world/start-world';
import { writeQueueOf } from '../world/write-queue';
import type { FanOutInput } from './fan-out';

/** As many as the product runs at once: two shards of 50. */
const childrenAtOnce = 100;

/**
 * Writes the next wave of a rollout that waits for its promotion, with the fan-out instead of shards.
 * Returns the id of the workflow when it has ended.
 */
export async function fanOutOver(
  { db, client, rollouts }: Pick<World, 'db' | 'client' | 'rollouts'>,
  { rolloutId, wave }: { rolloutId: string; wave: number },
): Promise<string> {
  await openForPeer(db, rolloutId);
  const orgId = await rollouts.orgId();
  const input: FanOutInput = {
    orgId,
    rolloutId,
    writeQueue: writeQueueOf(orgId),
    ...(await rangeOfWave(db, rolloutId, wave)),
    atOnce: childrenAtOnce,
  };
  const workflowId = `fan-out/${rolloutId}`;
  await client.workflow.execute('fanOut', {
    workflowId,
    taskQueue: mainTaskQueue(organizationUuid(orgId)),
    args: [input],
  });
  await closeForPeer(db, rolloutId);
  return workflowId;
}
