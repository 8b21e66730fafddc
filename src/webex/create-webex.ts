import { checkCredential, createOrganizationLookup } from './credential/check-credential';
import { createLicenseCompletion } from './people/complete-licenses';
import { fixedCredential, type Credential, type CredentialConfig } from './port/credential';
import type { Fetch } from './http/exchange';
import { toLicense } from './wire/map-directory';
import { listNumbers } from './people/read-numbers';
import { listGroups, listLocationUuids, listMembers } from './groups/read-groups';
import { readGroupOrigins, withOrigins } from './groups/read-group-origins';
import { listChangedUsers } from './people/read-changed-users';
import { createPeopleReader } from './people/read-people';
import { createRead, trackProgress } from './http/reader';
import { createRefreshingCredential } from './credential/refreshing-credential';
import { createRetry } from './http/retry-reads';
import { createSender, type CallReport } from './http/send-call';
import { WebexError, type Webex } from './port/webex';
import type { WebexLogger } from './port/webex-logger';
import { wireLicenses } from './wire/wire';
import { writeUser } from './people/write-user';

export interface WebexOptions {
  /** `https://webexapis.com/v1`; where it has no path, `/v1` is meant. */
  baseUrl: string;
  credential: CredentialConfig;
  /** Refuse every write before anything is sent. */
  readOnly: boolean;
  userAgent: string;
  /** For one call: its token, its request and the whole answer. */
  timeoutMs?: number;
  /** How long a read is repeated before it fails. */
  readRetryMs?: number;
  logger?: WebexLogger;
  /** Told of every request, for metrics. */
  onCall?: (report: CallReport) => void;
  now?: () => number;
  random?: () => number;
  fetch?: Fetch;
}

/** The Webex of one organization: the one that the credential belongs to. Opens nothing by itself. */
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
  const people = createPeopleReader({
    read,
    completion: createLicenseCompletion(read),
    ownOrgUuid: (progress) => organization.uuid(progress),
  });

  return {
    async listLicenses(readOptions) {
      const call = { operation: 'GET /licenses', path: '/licenses', schema: wireLicenses };
      const { body, trackingId } = await read(call, trackProgress(readOptions));
      const licenses = body.items.map(toLicense).filter((license) => license !== null);
      const unreadable = body.items.length - licenses.length;
      if (unreadable > 0) {
        logger?.warn({ trackingId, unreadable }, 'licenses without an offer code are left out');
      }
      return licenses.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async listGroups(readOptions) {
      const progress = trackProgress(readOptions);
      const locations = await listLocationUuids(read, progress).catch((error: unknown) => {
        if (!isUnavailableToToken(error)) throw error;
        logger?.warn({ reason: error.message }, 'location groups can not be told from others');
        return new Set<string>();
      });
      const groups = await listGroups(read, locations, progress);
      return withOrigins(groups, async (orgUuid) =>
        readGroupOrigins(read, orgUuid, progress).catch((error: unknown) => {
          if (!isDispensable(error)) throw error;
          logger?.warn({ reason: error.message }, 'where groups come from can not be read');
          return null;
        }),
      );
    },
    listMembers: (groupId, readOptions) =>
      listMembers(
        read,
        { groupId, promised: readOptions?.promised ?? null },
        trackProgress(readOptions),
      ),
    listPeople: (readOptions) =>
      people.listPeople(trackProgress(readOptions), readOptions?.callingData ?? false),
    listNumbers: (readOptions) =>
      listNumbers(read, trackProgress(readOptions)).catch((error: unknown) => {
        if (!isUnavailableToToken(error)) throw error;
        logger?.warn({ reason: error.message }, 'phone numbers can not be read');
        return null;
      }),
    listChangedUsers: (since, readOptions) =>
      listChangedUsers({ read, organization, since }, trackProgress(readOptions)),
    readPeople: (personIds, population, readOptions) =>
      people.readPeople(
        personIds,
        population,
        trackProgress(readOptions),
        readOptions?.callingData ?? false,
      ),
    async writeUser(personId, changes, { signal } = {}) {
      const operation = 'PATCH /licenses/users';
      if (readOnly) {
        const message = `${operation}: writing to Webex is switched off (WEBEX_READ_ONLY)`;
        throw new WebexError('read-only', message, { operation });
      }
      return writeUser({ send, personId, changes, signal });
    },
    checkCredential: (readOptions) =>
      checkCredential({ read, organization, credential, readOnly }, readOptions),
  };
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

/** This token may not read it, or this Webex doesn't have it: no reason to stop. */
function isUnavailableToToken(error: unknown): error is WebexError {
  return (
    error instanceof WebexError &&
    ['forbidden', 'rejected', 'not-found'].includes(error.kind) &&
    error.context.status !== 401
  );
}

/** Nothing hangs on this read: it may fail in any way, but for the caller's own wish and a dead token. */
function isDispensable(error: unknown): error is WebexError {
  return error instanceof WebexError && error.kind !== 'aborted' && error.context.status !== 401;
}
