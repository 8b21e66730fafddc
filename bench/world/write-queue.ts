import { organizationUuid } from '../../src/domain/model/webex-id';
import { writeTaskQueue } from '../../src/contract/ids';

/** The task queue for the writes of this organization. */
export function writeQueueOf(orgId: string): string {
  return writeTaskQueue(organizationUuid(orgId));
}
