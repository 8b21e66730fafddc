import { canRead } from './credential/can-read';
import { checkCredential } from './credential/check-credential';
import {
  createOrganizationLookup,
  type OrganizationLookup,
} from './credential/organization-lookup';
import { createLicenseCompletion } from './people/complete-licenses';
import { fixedCredential, type Credential, type CredentialConfig } from './port/credential';
import type { Fetch } from './http/exchange';
import { IdForms, type StoredIds } from './wire/id-forms';
import { listNumbers } from './people/read-numbers';
import { listGroups, listLocationUuids } from './groups/read-groups';
import { listMembers } from './groups/read-members';
import { readLicenses } from './licenses/read-licenses';
import { readPromisedPeople } from './people/promised-people';
import { readGroupOrigins, withOrigins } from './groups/read-group-origins';
import { listChangedUsers } from './people/read-changed-users';
import { PeopleReader } from './people/read-people';
import { createRead, trackProgress, type Read, type ReadProgress } from './http/reader';
import { createRefreshingCredential } from './credential/refreshing-credential';
import { createRetry } from './http/retry-reads';
import { createSender, type CallReport } from './http/send-call';
import {
  WebexError,
  type PeopleRead,
  type ReadOptions,
  type Webex,
  type WebexGroup,
  type WebexNumber,
} from './port/webex';
import type { WebexLogger } from './port/webex-logger';
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
  /** How long a `Retry-After` is believed; the default is 15 minutes (R98). */
  maxRetryAfterMs?: number;
  /** How long a read is repeated before it fails. */
  readRetryMs?: number;
  /** The wait before a list that isn't proved complete is read again; it doubles. */
  listPauseMs?: number;
  /** Ids as they are stored for an organization: those that Webex shows are brought into their form. */
  storedIds?: (orgUuid: string) => Promise<StoredIds>;
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
    maxRetryAfterMs: options.maxRetryAfterMs,
    fetch: options.fetch ?? globalThis.fetch,
    now,
    logger,
    onCall: options.onCall,
  };
  const credential = toCredential(options.credential, edge);
  const send = createSender({ ...edge, credential });
  const read = createRead(send, createRetry({ ...retriesOf(options), now, logger }));
  const organization = createOrganizationLookup(read, now);
  const ids = new IdForms();
  const begin = createBeginning({ ids, organization, ...options });
  const people = new PeopleReader({
    read,
    ids,
    completion: createLicenseCompletion(read, ids),
    ownOrgUuid: (progress) => organization.uuid(progress),
  });

  return {
    listLicenses: async (given) => readLicenses(read, ids, await begin(given), logger),
    listGroups: async (given) => readGroups({ read, ids, logger }, await begin(given)),
    async *listMembers(groupId, given) {
      const { promised = null, isSecondRead = false } = given ?? {};
      const wanted = { groupId, promised, isSecondRead };
      const members = await listMembers(read, ids, wanted, await begin(given));
      if (members.length > 0) yield members;
    },
    async *listPeople(given) {
      yield* people.listPeople(await begin(given), given?.callingData ?? false);
    },
    listNumbers: async (given) => readNumbers({ read, ids, logger }, await begin(given)),
    async *listChangedUsers(since, given) {
      yield* listChangedUsers({ read, ids, organization, since }, await begin(given));
    },
    async *readPeople(personIds, population, given) {
      const wanted = { personIds, population };
      const progress = await begin(given);
      const pages = people.readPeople(wanted, progress, given?.callingData ?? false);
      yield* knownHere(pages, { organization, beganAtMs: now() }, progress);
    },
    promisedPeople: async (licenses, given) =>
      readPromisedPeople({ read, organization }, licenses, await begin(given)),
    async writeUser(personId, changes, { signal } = {}) {
      if (readOnly) throw writingIsOff();
      return writeUser({ send, ids, personId, changes, signal });
    },
    canRead: ({ signal } = {}) => canRead(send, signal),
    expectSameOrganization: (given) => organization.expectSame(trackProgress(given)),
    checkCredential: (given) =>
      checkCredential({ read, organization, credential, readOnly }, given),
  };
}

/**
 * What every read begins with: its progress, once the form of the ids that are stored, and that the token
 * still opens the same organization. All the people of one would be missing from another.
 */
function createBeginning({
  ids,
  organization,
  storedIds,
  listPauseMs,
}: Pick<WebexOptions, 'storedIds' | 'listPauseMs'> & {
  ids: IdForms;
  organization: OrganizationLookup;
}) {
  let hasLearned = storedIds === undefined;
  return async (given: ReadOptions | undefined): Promise<ReadProgress> => {
    const progress = trackProgress(given, listPauseMs);
    await organization.expectSame(progress);
    if (hasLearned || !storedIds) return progress;
    const orgUuid = await organization.uuid(progress);
    if (orgUuid !== null) ids.learn(orgUuid, await storedIds(orgUuid));
    hasLearned = true;
    return progress;
  };
}

/** Nobody is gone because another organization doesn't know them. */
async function* knownHere(
  pages: AsyncIterable<PeopleRead>,
  { organization, beganAtMs }: { organization: OrganizationLookup; beganAtMs: number },
  progress: ReadProgress,
): AsyncGenerator<PeopleRead> {
  for await (const page of pages) {
    if (page.notFound.length > 0) await organization.expectSame(progress, beganAtMs);
    yield page;
  }
}

/** Null: the token may not read them, or the organization has none. */
function readNumbers(
  { read, ids, logger }: { read: Read; ids: IdForms; logger: WebexLogger | undefined },
  progress: ReadProgress,
): Promise<WebexNumber[] | null> {
  return listNumbers(read, ids, progress).catch((error: unknown) => {
    if (!isUnavailableToToken(error)) throw error;
    logger?.warn({ reason: error.message }, 'the phone numbers cannot be read');
    return null;
  });
}

/** Groups with their origins, as far as the token may read locations and SCIM. */
async function readGroups(
  { read, ids, logger }: { read: Read; ids: IdForms; logger: WebexLogger | undefined },
  progress: ReadProgress,
): Promise<WebexGroup[]> {
  const locations = await listLocationUuids(read, progress).catch((error: unknown) => {
    if (!isUnavailableToToken(error)) throw error;
    logger?.warn(
      { reason: error.message },
      'the locations cannot be read: location groups are unknown',
    );
    return new Set<string>();
  });
  const groups = await listGroups(read, { ids, locationUuids: locations }, progress);
  return withOrigins(groups, (orgUuid) =>
    readGroupOrigins(read, orgUuid, { ...progress, acceptShown: null }).catch((error: unknown) => {
      if (!isDispensable(error)) throw error;
      logger?.warn({ reason: error.message }, 'the origins of groups cannot be read');
      return null;
    }),
  );
}

function retriesOf({ readRetryMs = 60_000, random = Math.random }: WebexOptions) {
  return { totalMs: readRetryMs, random };
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
