import type { OrganizationRow } from '../../db/directory/find-directory';
import type { Exchange } from '../http/endpoint';

/** Lets the watch look before its interval is over; where it can't, its next look does as well. */
export async function lookSoon(
  { deps, request }: Pick<Exchange<never, never, never>, 'deps' | 'request'>,
  organization: OrganizationRow,
): Promise<void> {
  try {
    await deps.jobs.startLook(organization);
  } catch (error) {
    request.log.warn({ err: error }, 'the watch could not be asked to look');
  }
}
