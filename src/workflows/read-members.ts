import { setCurrentDetails } from '@temporalio/workflow';
import type { ReadMembersInput } from '../contract/workflows';
import { readGroupMembers } from './job/activity-calls';

/**
 * Reads the members of one group into the mirror, before its first template governs (R91). Id:
 * `members/<orgUuid>/<groupUuid>`, so that a second request joins the running read. Ends with the read;
 * its few events need no continue-as-new.
 */
export async function readMembers(input: ReadMembersInput): Promise<{ isWhole: boolean }> {
  setCurrentDetails('Reads the members of a group of Webex.');
  return await readGroupMembers(input);
}
