import { peopleByFreeLicenses } from '../../domain/licenses/promised-people';
import type { License } from '../../domain/model/license';
import type { OrganizationLookup } from '../credential/organization-lookup';
import type { Read, ReadProgress } from '../http/reader';
import { WebexError, type PromisedPeople } from '../port/webex';
import { wireScimUsers } from '../wire/wire';

const operation = 'GET /identity/scim/{orgId}/v2/Users';

/**
 * How many people the organization promises (R87): SCIM's `totalResults`, else what the units of its
 * free licenses say. Null where neither can be read: then no first read can be checked.
 */
export async function readPromisedPeople(
  deps: { read: Read; organization: OrganizationLookup },
  licenses: readonly License[],
  progress: ReadProgress,
): Promise<PromisedPeople> {
  const total = await scimTotal(deps, progress).catch((error: unknown) => {
    if (!(error instanceof WebexError) || error.kind === 'aborted') throw error;
    return null;
  });
  if (total !== null) return { people: total, source: 'scim' };
  const people = peopleByFreeLicenses(licenses);
  return { people, source: people === null ? null : 'free-licenses' };
}

async function scimTotal(
  { read, organization }: { read: Read; organization: OrganizationLookup },
  progress: ReadProgress,
): Promise<number | null> {
  const orgUuid = await organization.uuid(progress);
  if (orgUuid === null) return null;
  const { body } = await read(
    {
      operation,
      path: `/identity/scim/${orgUuid}/v2/Users`,
      isScim: true,
      query: new URLSearchParams({ startIndex: '1', count: '1' }),
      schema: wireScimUsers,
      mayBeRefused: 'until-allowed',
    },
    progress,
  );
  // Nobody is no promise: the organization has at least the owner of the token.
  return body.totalResults === 0 ? null : (body.totalResults ?? null);
}
