import type { ObserveInput } from '../contract/workflows';
import { observe } from './job/activity-calls';

/**
 * Reads the directory into the mirror once. Id: `observe/<orgUuid>`, so that a second request joins
 * the running read. Ends with the read; its few events need no continue-as-new.
 */
export async function observeDirectory(input: ObserveInput): Promise<{ users: number }> {
  const { orgId, dropsAcceptedBy } = input;
  return await observe({
    orgId,
    rolloutId: null,
    ...(dropsAcceptedBy ? { dropsAcceptedBy } : {}),
  });
}
