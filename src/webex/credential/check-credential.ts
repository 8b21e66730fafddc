import { uuidOf } from '../../domain/model/webex-id';
import type { Credential } from '../port/credential';
import { trackProgress, type Read } from '../http/reader';
import { attempt, readOrganizations, type OrganizationLookup } from './organization-lookup';
import { probeScopes } from './probe-scopes';
import { WebexError, type CredentialReport, type ReadOptions } from '../port/webex';

export interface CheckDeps {
  read: Read;
  organization: OrganizationLookup;
  credential: Credential;
  readOnly: boolean;
}

/**
 * Finds the owner, the organization and the scopes of the token. Throws `forbidden` if it belongs to no
 * organization.
 */
export async function checkCredential(
  deps: CheckDeps,
  options?: ReadOptions,
): Promise<CredentialReport> {
  const { read, credential, readOnly } = deps;
  const progress = trackProgress(options);
  const opened = await deps.organization.find(progress);
  if (!opened) {
    const operation = 'GET /organizations';
    throw new WebexError('forbidden', 'this Webex token belongs to no organization', { operation });
  }
  const organizations = await attempt(() => readOrganizations(read, progress));
  const named = organizations?.find((item) => uuidOf(item.id) === opened.orgUuid);
  const scopes = await probeScopes(
    { read, granted: credential.describe().scopes, readOnly },
    progress,
  );
  const { accessExpiresAt, refreshExpiresAt } = credential.describe();
  return {
    orgId: opened.orgId,
    organizationName: named?.displayName ?? opened.orgUuid,
    tokenOwner: opened.tokenOwner,
    scopes,
    accessExpiresAt,
    refreshExpiresAt,
    readOnly,
  };
}
