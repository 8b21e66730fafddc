import { setCurrentDetails } from '@temporalio/workflow';
import type { Observed } from '../contract/activities';
import type { ObserveInput } from '../contract/workflows';
import { observe } from './job/activity-calls';
import { secondRead } from './job/second-read';

/**
 * Reads the directory into the mirror once, and what is missing once more. Id: `observe/<orgUuid>`, so that a second request joins
 * the running read. Ends with the read; its few events need no continue-as-new.
 */
export async function observeDirectory(input: ObserveInput): Promise<Omit<Observed, 'confirm'>> {
  const { orgId, dropsAcceptedBy } = input;
  setCurrentDetails('Reads licenses, groups and people of Webex.');
  const { confirm, ...observed } = await observe({
    orgId,
    rolloutId: null,
    ...(dropsAcceptedBy ? { dropsAcceptedBy } : {}),
  });
  await secondRead(orgId, confirm, setCurrentDetails);
  return observed;
}
