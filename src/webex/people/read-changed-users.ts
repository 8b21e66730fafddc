import type { OrganizationLookup } from '../credential/organization-lookup';
import type { ReadProgress, Read } from '../http/reader';
import { incomplete } from '../http/incomplete';
import { readIndexed } from '../http/read-indexed';
import { readUntilProven } from '../http/read-until-proven';
import { WebexError, type ChangedUser, type Proof } from '../port/webex';
import { idKey, type IdForms } from '../wire/id-forms';
import { wireScimUsers, type WireScimUser, type WireScimUsers } from '../wire/wire';

const list = 'changed users';
const operation = 'GET /identity/scim/{orgId}/v2/Users';
/** Usually few users have changed, so the first page is small. */
const firstPageSize = 50;
const pageSize = 500;

export interface ChangedUsersInput {
  read: Read;
  ids: IdForms;
  organization: OrganizationLookup;
  since: Date;
}

/**
 * Users whose entry changed at `since` or later, newest first, by SCIM's `GET Users`. No user appears
 * twice with the same time, unless the list has to be read again. Throws `forbidden`, or `incomplete` if
 * Webex doesn't sort or the list ends before a user who is older (R87).
 */
export async function* listChangedUsers(
  { read, ids, organization, since }: ChangedUsersInput,
  progress: ReadProgress,
): AsyncGenerator<{ changed: ChangedUser[] }> {
  const orgUuid = await orgUuidOf(organization, progress);
  const path = `/identity/scim/${orgUuid}/v2/Users`;
  const shown = new Map<string, number>();
  yield* readUntilProven(
    { operation, list },
    (isLastAttempt) => newestFirst({ read, ids, since, path, shown, isLastAttempt }, progress),
    progress,
  );
}

interface Attempt {
  read: Read;
  ids: IdForms;
  since: Date;
  path: string;
  /** Users who were shown, with their time: also by earlier attempts. */
  shown: Map<string, number>;
  isLastAttempt: boolean;
}

async function* newestFirst(
  { read, ids, since, path, shown, isLastAttempt }: Attempt,
  progress: ReadProgress,
): AsyncGenerator<{ changed: ChangedUser[] }, Omit<Proof, 'list'>> {
  const call = {
    operation,
    list,
    path,
    isScim: true,
    mayBeRefused: 'until-allowed',
    schema: wireScimUsers,
    pageAt,
    idsOf: ({ Resources }: WireScimUsers) => Resources?.map(({ id }) => idKey(id)) ?? null,
    totalOf: ({ totalResults }: WireScimUsers) => totalResults ?? null,
    isLastAttempt,
  } as const;
  const pages = readIndexed(read, call, progress);
  let count = 0;
  let promised: number | null = null;
  for (;;) {
    const page = await pages.next();
    const refused = (why: string) => incomplete({ operation, list, why, shown: count, promised });
    if (page.done === true) {
      // Users who have never changed are listed too: nobody at all is no answer.
      if (page.value.shown === 0) throw refused('the list is empty');
      return page.value;
    }
    const entries = (page.value.Resources ?? []).map((wire) => toChangedUser(wire, ids));
    promised = page.value.totalResults ?? promised;
    count += entries.length;
    if (!isNewestFirst(entries)) throw refused('meta.lastModified: not the newest first');
    const recent = entries.filter(({ lastModified }) => lastModified >= since);
    const changed = recent.filter((entry) => isNews(shown, entry));
    progress.report(changed.length);
    if (changed.length > 0) yield { changed };
    // All others are older.
    if (recent.length < entries.length) return { proof: 'end', promised, shown: count };
  }
}

async function orgUuidOf(
  organization: OrganizationLookup,
  progress: ReadProgress,
): Promise<string> {
  const orgUuid = await organization.uuid(progress);
  if (orgUuid !== null) return orgUuid;
  throw new WebexError('forbidden', 'this Webex token belongs to no organization', { operation });
}

function pageAt(startIndex: number): URLSearchParams {
  return new URLSearchParams({
    sortBy: 'meta.lastModified',
    sortOrder: 'descending',
    startIndex: String(startIndex),
    count: String(startIndex === 1 ? firstPageSize : pageSize),
  });
}

/** Whether this entry wasn't shown yet with this time; remembers it. */
function isNews(shown: Map<string, number>, { personId, lastModified }: ChangedUser): boolean {
  const time = lastModified.getTime();
  const isNew = shown.get(personId) !== time;
  shown.set(personId, time);
  return isNew;
}

function toChangedUser(wire: WireScimUser, ids: IdForms): ChangedUser {
  return {
    personId: ids.person(wire.id),
    lastModified: new Date(wire.meta.lastModified),
    ...(typeof wire.active === 'boolean' ? { active: wire.active } : {}),
  };
}

/** Without this order the read would stop too early and miss users. */
function isNewestFirst(entries: readonly ChangedUser[]): boolean {
  const times = entries.map(({ lastModified }) => lastModified.getTime());
  return times.every((time, i) => time <= (times[i - 1] ?? Infinity));
}
