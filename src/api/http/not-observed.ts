import { organizationAddress } from './parameters/addresses';
import { Problem } from './problem';

/** The licenses of an organization were never read; names the request that reads them. */
export function notObserved(orgId: string): Problem {
  const observe = `${organizationAddress(orgId)}/observe`;
  return new Problem(
    'not-observed',
    `The licenses of this organization have not been read yet: POST ${observe} and try again when it has finished.`,
    { members: { observe } },
  );
}
