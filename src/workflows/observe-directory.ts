import type { ObserveInput } from '../contract/messages';
import { observe } from './job/activity-calls';

/** Reads the directory into the mirror once. Id: `observe/<orgUuid>`; asking twice joins the running one. */
export async function observeDirectory(input: ObserveInput): Promise<{ users: number }> {
  const { orgId, dropsAcceptedBy } = input;
  return await observe({
    orgId,
    rolloutId: null,
    ...(dropsAcceptedBy ? { dropsAcceptedBy } : {}),
  });
}
