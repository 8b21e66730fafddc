/** Reads of people for the watch: as few as needed to find every new user. */
import {
  analyzeDirectory,
  markUnseenUsersGone,
  markUsersGone,
  mirrorUsers,
} from '../../db/directory/mirror-people';
import { unknownAmong, unknownMembers } from '../../db/watch/watch-people';
import type { WatchState } from '../../db/watch/watch-state';
import { populationOf } from '../../db/directory/find-directory';
import { WebexError, type ReadOptions } from '../../webex/port/webex';
import { readsCalling } from './calling-reads';
import type { ActivityDeps } from '../activity/deps';
import type { DirectoryCheck } from './directory-check';

/** An entry may show this much later than its own time. */
const overlapMs = 5 * 60_000;
/** SCIM doesn't show deleted users and might miss one, so all users are read this often. */
const fullCheckEveryMs = 60 * 60_000;
/** Users whom SCIM shows and people don't are read again; beyond this many, by the next full check. */
const mostUnread = 1_000;

export type PeopleCheck = Pick<DirectoryCheck, 'isFull' | 'readBy' | 'newest' | 'unread'>;

type Deps = Pick<ActivityDeps, 'db' | 'webex'>;

/**
 * Brings the people of the mirror up to date: those that changed since the last check, by SCIM; if SCIM
 * may not be read, and once an hour, all pages of people.
 */
export async function readChangedPeople(
  deps: Deps,
  input: { orgId: string; startedAt: Date; before: WatchState },
  read: ReadOptions,
): Promise<PeopleCheck> {
  const { orgId, startedAt, before } = input;
  const { lastModified, fullLookAt, unread = [] } = before.cursor;
  const since = new Date(Date.parse(lastModified ?? startedAt.toISOString()) - overlapMs);
  if (before.baselineAt === null) {
    await readEverybody(deps, { orgId, startedAt }, read);
    return { isFull: true, readBy: 'people', newest: null, unread: [] };
  }
  const changed = await changedUsers(deps, since, read);
  const readBy = changed === null ? 'people' : 'scim';
  const newest = changed?.newest ?? null;
  const isFullCheckDue =
    startedAt.getTime() - Date.parse(fullLookAt ?? '1970-01-01') >= fullCheckEveryMs;
  if (changed === null || isFullCheckDue) {
    await readEverybody(deps, { orgId, startedAt }, read);
    return { isFull: true, readBy, newest, unread: [] };
  }
  const wanted = await unknownAmong(deps.db, orgId, [...changed.personIds, ...unread]);
  const members = await unknownMembers(deps.db, orgId, mostUnread);
  const missing = await readThese(deps, orgId, [...new Set([...wanted, ...members])], read);
  return { isFull: false, readBy, newest, unread: missing.slice(0, mostUnread) };
}

/** Null: the token may not read SCIM, Webex doesn't sort, or the list can't be proved complete. */
async function changedUsers(
  { webex }: Deps,
  since: Date,
  read: ReadOptions,
): Promise<{ personIds: string[]; newest: Date | null } | null> {
  const personIds: string[] = [];
  let newest: Date | null = null;
  try {
    for await (const { changed } of webex.listChangedUsers(since, read)) {
      newest ??= changed[0]?.lastModified ?? null;
      personIds.push(...changed.map(({ personId }) => personId));
    }
    return { personIds, newest };
  } catch (error) {
    const isUnusable =
      error instanceof WebexError &&
      ['forbidden', 'rejected', 'not-found', 'contract', 'incomplete'].includes(error.kind) &&
      error.context.status !== 401;
    if (!isUnusable) throw error;
    return null;
  }
}

async function readEverybody(
  { db, webex }: Deps,
  { orgId, startedAt }: { orgId: string; startedAt: Date },
  read: ReadOptions,
): Promise<void> {
  const callingData = await readsCalling(db, orgId, null);
  for await (const page of webex.listPeople({ ...read, callingData })) {
    await mirrorUsers(db, orgId, page.users, new Date());
  }
  await markUnseenUsersGone(db, orgId, startedAt);
  await analyzeDirectory(db);
}

/** Reads these people into the mirror; returns those whom Webex doesn't show, gone or unknown. */
export async function readThese(
  { db, webex }: Deps,
  orgId: string,
  personIds: readonly string[],
  read: ReadOptions,
): Promise<string[]> {
  if (personIds.length === 0) return [];
  const callingData = await readsCalling(db, orgId, null);
  const population = await populationOf(db, orgId);
  const missing: string[] = [];
  for await (const page of webex.readPeople(personIds, population, { ...read, callingData })) {
    await mirrorUsers(db, orgId, page.users, new Date());
    await markUsersGone(db, orgId, page.notFound);
    missing.push(...page.notFound, ...(page.unanswered ?? []));
  }
  return missing;
}
