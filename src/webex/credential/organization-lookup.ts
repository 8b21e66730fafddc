import { orgUuidOf, toWebexId, uuidOf } from '../../domain/model/webex-id';
import { orAborted } from '../http/or-aborted';
import { trackProgress, type Read, type ReadProgress } from '../http/reader';
import { WebexError } from '../port/webex';
import { canonicalId } from '../wire/id-forms';
import { wireLicenses, wireOrganizations, wirePerson } from '../wire/wire';

/** These reads try what the token opens: a refusal is their answer. */
const mayBeRefused = 'always';
/** How long it is believed which organization the token opens. Well under the time between two reads (R89). */
const believedMs = 10_000;
const operation = 'the organization of the token';

interface Opened {
  orgId: string;
  orgUuid: string;
  /** Null for service apps, which have no `people/me`. */
  tokenOwner: string | null;
}

/** The organization that the token opened first. */
export interface OrganizationLookup {
  /** Null: the token may not read anything that tells it. */
  find(progress: ReadProgress): Promise<Opened | null>;
  uuid(progress: ReadProgress): Promise<string | null>;
  /**
   * Throws `unavailable` where the token opens another organization by now: whoever a list then doesn't
   * show isn't missing. Asks at most every ten seconds, and not before the organization was first found.
   * `sinceMs`: what was known before that time isn't enough.
   */
  expectSame(progress: ReadProgress, sinceMs?: number): Promise<void>;
}

export function createOrganizationLookup(read: Read, now: () => number): OrganizationLookup {
  let found: Opened | null = null;
  let seenAt = 0;
  let asking: Promise<Opened | null> | null = null;

  async function find(progress: ReadProgress): Promise<Opened | null> {
    if (found !== null) return found;
    const opened = await ask(read, progress);
    if (opened !== null) seenAt = now();
    return (found ??= opened);
  }

  async function expectSame(progress: ReadProgress, sinceMs = now() - believedMs): Promise<void> {
    if (found === null || seenAt > sinceMs) return;
    // Shared by reads that go on when one of them is aborted.
    asking ??= ask(read, trackProgress(undefined)).finally(() => (asking = null));
    const today = await orAborted(asking, { operation, signal: progress.signal });
    // Where everything that tells it is refused, or empty, other reads are refused too.
    if (today !== null && today.orgUuid !== found.orgUuid) throw opensAnother(today.orgUuid);
    seenAt = now();
  }

  return { find, uuid: async (progress) => (await find(progress))?.orgUuid ?? null, expectSame };
}

/** The first answer of what tells the organization: not every token may read each. */
async function ask(read: Read, progress: ReadProgress): Promise<Opened | null> {
  for (const source of [fromOwner, fromOrganizations, fromLicenses]) {
    const opened = await source(read, progress);
    if (opened !== null) return opened;
  }
  return null;
}

function opensAnother(orgUuid: string): WebexError {
  const message = `The Webex token opens another organization (${orgUuid}) than before, and nothing of it is believed`;
  return new WebexError('unavailable', message, { operation });
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

export async function readOrganizations(read: Read, progress: ReadProgress) {
  const call = {
    operation: 'GET /organizations',
    path: '/organizations',
    schema: wireOrganizations,
    mayBeRefused,
  } as const;
  return (await read(call, progress)).body.items;
}

/** Null if the token may not read this. Throws for a token that Webex doesn't accept at all. */
export async function attempt<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof WebexError) || error.context.status === 401) throw error;
    if (['forbidden', 'rejected', 'not-found'].includes(error.kind)) return null;
    throw error;
  }
}
