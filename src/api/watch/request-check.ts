import type { OrganizationRow } from '../../db/directory/find-directory';
import type { RawExchange } from '../http/exchange';

/** Asks the watch to check before its interval is over. If it can't be asked, its next check follows anyway. */
export async function requestCheck(
  { deps, request }: Pick<RawExchange, 'deps' | 'request'>,
  organization: OrganizationRow,
): Promise<void> {
  try {
    await deps.jobs.startCheck(organization);
  } catch (error) {
    request.log.warn({ err: error }, 'the watch could not be asked to check');
  }
}
