import { orgUuidOf, toWebexId, uuidOf } from '../../domain/model/webex-id';
import type { Credential } from '../port/credential';
import { canonicalId } from '../wire/id-forms';
import { trackProgress, type ReadProgress, type Read } from '../http/reader';
import { probeScopes } from './probe-scopes';
import { WebexError, type CredentialReport, type ReadOptions } from '../port/webex';
import { wireLicenses, wireOrganizations, wirePerson } from '../wire/wire';

/** These reads try what the token opens: a refusal is their answer. */
const mayBeRefused = 'always';

interface Opened {
  orgId: string;
  orgUuid: string;
  /** Null for service apps, which have no `people/me`. */
  tokenOwner: string | null;
}

/** The organization of the token; read once, and again only after a failure. */
export interface OrganizationLookup {
  find(progress: ReadProgress): Promise<Opened | null>;
  uuid(progress: ReadProgress): Promise<string | null>;
}

export function createOrganizationLookup(read: Read): OrganizationLookup {
  let found: Opened | null = null;
  const find = async (progress: ReadProgress) => {
    found ??=
      (await fromOwner(read, progress)) ??
      (await fromOrganizations(read, progress)) ??
      (await fromLicenses(read, progress));
    return found;
  };
  return { find, uuid: async (progress) => (await find(progress))?.orgUuid ?? null };
}

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

async function fromOwner(read: Read, progress: ReadProgress): Promise<Opened | null> {
  const call = {
    operation: 'GET /people/me',
    path: '/people/me',
    schema: wirePerson,
    mayBeRefused,
  } as const;
  const me = await attempt(() => read(call, progress));
  if (!me?.body.orgId) return null;
  const { orgId, emails, displayName } = me.body;
  const orgUuid = uuidOf(orgId);
  if (orgUuid === undefined) return null;
  return { orgId: canonicalId(orgId), orgUuid, tokenOwner: emails?.[0] ?? displayName ?? null };
}

/** Partners see many organizations; then this read can't decide which one is meant. */
async function fromOrganizations(read: Read, progress: ReadProgress): Promise<Opened | null> {
  const [only, ...others] = (await attempt(() => readOrganizations(read, progress))) ?? [];
  const orgUuid = only && others.length === 0 ? uuidOf(only.id) : undefined;
  return only && orgUuid !== undefined
    ? { orgId: canonicalId(only.id), orgUuid, tokenOwner: null }
    : null;
}

async function fromLicenses(read: Read, progress: ReadProgress): Promise<Opened | null> {
  const call = {
    operation: 'GET /licenses',
    path: '/licenses',
    schema: wireLicenses,
    mayBeRefused,
  } as const;
  const first = (await attempt(() => read(call, progress)))?.body.items[0];
  const orgUuid = first && orgUuidOf(first.id);
  const orgId = orgUuid && toWebexId('organization', orgUuid, orgUuid);
  return orgUuid && orgId ? { orgId, orgUuid, tokenOwner: null } : null;
}

async function readOrganizations(read: Read, progress: ReadProgress) {
  const call = {
    operation: 'GET /organizations',
    path: '/organizations',
    schema: wireOrganizations,
    mayBeRefused,
  } as const;
  return (await read(call, progress)).body.items;
}

/** Null if the token may not read this. Throws for a token that Webex doesn't accept at all. */
async function attempt<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof WebexError) || error.context.status === 401) throw error;
    if (['forbidden', 'rejected', 'not-found'].includes(error.kind)) return null;
    throw error;
  }
}
