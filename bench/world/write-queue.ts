import { organizationUuid } from '../../src/domain/model/webex-id';
import { writeTaskQueue } from '../../src/contract/ids';

/** Where the writes of the organization with this id go. */
export function writeQueueOf(orgId: string): string {
  return writeTaskQueue(organizationUuid(orgId));
}
