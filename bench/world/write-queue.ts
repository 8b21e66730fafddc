import { uuidOf } from '../../src/domain/webex-id';
import { writeTaskQueue } from '../../src/workflows/messages';

/** Where the writes of the organization with this id go. */
export function writeQueueOf(orgId: string): string {
  return writeTaskQueue(uuidOf(orgId) ?? orgId);
}
