import { checkCredential, createOrganizationLookup } from './credential/check-credential';
import { createLicenseCompletion } from './people/complete-licenses';
import { fixedCredential, type Credential, type CredentialConfig } from './port/credential';
import type { License } from '../domain/model/license';
import type { Fetch } from './http/exchange';
import { toLicense } from './wire/map-directory';
import { listNumbers } from './people/read-numbers';
import { listGroups, listLocationUuids, listMembers } from './groups/read-groups';
import { readGroupOrigins, withOrigins } from './groups/read-group-origins';
import { listChangedUsers } from './people/read-changed-users';
import { PeopleReader } from './people/read-people';
import { createRead, trackProgress, type Read, type ReadProgress } from './http/reader';
import { createRefreshingCredential } from './credential/refreshing-credential';
import { createRetry } from './http/retry-reads';
import { createSender, type CallReport } from './http/send-call';
import { WebexError, type Webex, type WebexGroup } from './port/webex';
import type { WebexLogger } from './port/webex-logger';
import { wireLicenses } from './wire/wire';
import { writeUser } from './people/write-user';

export interface WebexOptions {
  /** `https://webexapis.com/v1`; without a path, `/v1` is added. */
  baseUrl: string;
  credential: CredentialConfig;
  /** Refuses every write before anything is sent. */
  readOnly: boolean;
  userAgent: string;
  /** Time limit of one call: its token, its request and the whole answer. */
  timeoutMs?: number;
  /** How long a read is repeated before it fails. */
  readRetryMs?: number;
  logger?: WebexLogger;
  /** Called after every request, for metrics. */
  onCall?: (report: CallReport) => void;
  now?: () => number;
  random?: () => number;
  fetch?: Fetch;
}

/** The port to one organization: that of the credential. Sends nothing before it is asked. */
export function createWebex(options: WebexOptions): Webex {
  const { readOnly, logger } = options;
  const now = options.now ?? Date.now;
  const edge = {
    baseUrl: versionedUrl(options.baseUrl),
    timeoutMs: options.timeoutMs ?? 8000,
    userAgent: options.userAgent,
    fetch: options.fetch ?? globalThis.fetch,
    now,
    logger,
    onCall: options.onCall,
  };
  const credential = toCredential(options.credential, edge);
  const send = createSender({ ...edge, credential });
  const totalMs = options.readRetryMs ?? 60_000;
  const random = options.random ?? Math.random;
  const read = createRead(send, createRetry({ totalMs, now, random, logger }));
  const organization = createOrganizationLookup(read);
  const people = new PeopleReader({
    read,
    completion: createLicenseCompletion(read),
    ownOrgUuid: (progress) => organization.uuid(progress),
  });

  return {
    listLicenses: (given) => readLicenses(read, trackProgress(given), logger),
    listGroups: (given) => readGroups(read, trackProgress(given), logger),
    listMembers: (groupId, given) =>
      listMembers(read, { groupId, promised: given?.promised ?? null }, trackProgress(given)),
    listPeople: (given) => people.listPeople(trackProgress(given), given?.callingData ?? false),
    listNumbers: (given) =>
      listNumbers(read, trackProgress(given)).catch((error: unknown) => {
        if (!isUnavailableToToken(error)) throw error;
        logger?.warn({ reason: error.message }, 'the phone numbers cannot be read');
        return null;
      }),
    listChangedUsers: (since, given) =>
      listChangedUsers({ read, organization, since }, trackProgress(given)),
    readPeople: (personIds, population, given) =>
      people.readPeople(
        { personIds, population },
        trackProgress(given),
        given?.callingData ?? false,
      ),
    async writeUser(personId, changes, { signal } = {}) {
      if (readOnly) throw writingIsOff();
      return writeUser({ send, personId, changes, signal });
    },
    checkCredential: (given) =>
      checkCredential({ read, organization, credential, readOnly }, given),
  };
}

async function readLicenses(
  read: Read,
  progress: ReadProgress,
  logger: WebexLogger | undefined,
): Promise<License[]> {
  const call = { operation: 'GET /licenses', path: '/licenses', schema: wireLicenses };
  const { body, trackingId } = await read(call, progress);
  const licenses = body.items.map(toLicense).filter((license) => license !== null);
  const unreadable = body.items.length - licenses.length;
  if (unreadable > 0) {
    logger?.warn({ trackingId, unreadable }, 'licenses without an offer code are ignored');
  }
  return licenses.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Groups with their origins, as far as the token may read locations and SCIM. */
async function readGroups(
  read: Read,
  progress: ReadProgress,
  logger: WebexLogger | undefined,
): Promise<WebexGroup[]> {
  const locations = await listLocationUuids(read, progress).catch((error: unknown) => {
    if (!isUnavailableToToken(error)) throw error;
    logger?.warn(
      { reason: error.message },
      'the locations cannot be read: location groups are unknown',
    );
    return new Set<string>();
  });
  const groups = await listGroups(read, locations, progress);
  return withOrigins(groups, (orgUuid) =>
    readGroupOrigins(read, orgUuid, progress).catch((error: unknown) => {
      if (!isDispensable(error)) throw error;
      logger?.warn({ reason: error.message }, 'the origins of groups cannot be read');
      return null;
    }),
  );
}

function writingIsOff(): WebexError {
  const operation = 'PATCH /licenses/users';
  const message = `${operation}: writing to Webex is turned off (WEBEX_READ_ONLY)`;
  return new WebexError('read-only', message, { operation });
}

function toCredential(
  config: CredentialConfig,
  edge: Omit<Parameters<typeof createRefreshingCredential>[0], 'config'>,
): Credential {
  return config.kind === 'token'
    ? fixedCredential(config.accessToken)
    : createRefreshingCredential({ ...edge, config });
}

function versionedUrl(baseUrl: string): string {
  const trimmed = baseUrl.replace(/\/+$/, '');
  return new URL(trimmed).pathname === '/' ? `${trimmed}/v1` : trimmed;
}

/** Whether the token may not read something, or this Webex doesn't have it: other reads go on. */
function isUnavailableToToken(error: unknown): error is WebexError {
  return (
    error instanceof WebexError &&
    ['forbidden', 'rejected', 'not-found'].includes(error.kind) &&
    error.context.status !== 401
  );
}

/** Whether an optional read may fail with this error: any but an abort and an invalid token. */
function isDispensable(error: unknown): error is WebexError {
  return error instanceof WebexError && error.kind !== 'aborted' && error.context.status !== 401;
}
