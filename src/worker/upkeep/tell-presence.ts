import type { Client } from '@temporalio/client';
import type { Db } from '../../db/connect';
import { recordTemporalAway, recordWorker } from '../../db/directory/worker-state';
import { uncheckedReason } from '../guard-activities';
import type { OwnOrganization } from '../own-organization';

const patienceMs = 5_000;

/**
 * Tells the database that this worker can work, or why it can't: it reaches Temporal, and its token opens
 * the organization. Without that, rollouts say that they wait for a worker.
 */
export async function tellPresence(
  db: Db,
  client: Client,
  organization: OwnOrganization,
): Promise<void> {
  try {
    await client.withDeadline(Date.now() + patienceMs, () =>
      client.workflowService.getSystemInfo({}),
    );
  } catch (error) {
    await recordTemporalAway(db, organization.orgId);
    throw error;
  }
  const trouble = await organization.confirm().then(() => null, uncheckedReason);
  await recordWorker(db, organization.orgId, trouble);
}
