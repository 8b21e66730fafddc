/** Reads of people for the watch: as few as needed to find every new user. */
import { listName, recordIncomplete } from '../../db/directory/beliefs/beliefs';
import { mirrorUsers } from '../../db/directory/mirror/mirror-people';
import { noteNotFound } from '../../db/directory/settle/missing-people';
import { beginRead, type DirectoryRead } from '../../db/directory/reads';
import { unknownAmong, unknownMembers } from '../../db/watch/watch-people';
import type { WatchState } from '../../db/watch/watch-state';
import { populationOf } from '../../db/directory/find-directory';
import { WebexError, type ReadOptions } from '../../webex/port/webex';
import { readsCalling } from './calling-reads';
import { readEverybody } from './read-everybody';
import type { ActivityDeps } from '../activity/deps';
import type { DirectoryCheck } from './directory-check';

/** An entry may show this much later than its own time. */
const overlapMs = 5 * 60_000;
/** SCIM doesn't show deleted users and might miss one, so all users are read this often. */
const fullCheckEveryMs = 60 * 60_000;
/** Users whom SCIM shows and people don't are read again; beyond this many, by the next full check. */
const mostUnread = 1_000;

export type PeopleCheck = Pick<DirectoryCheck, 'isFull' | 'readBy' | 'newest' | 'unread'> & {
  /** Why the list of all people couldn't be read completely; null: it could, or wasn't needed. */
  trouble: string | null;
};

type Deps = Pick<ActivityDeps, 'db' | 'webex' | 'logger'>;

/**
 * Brings the people of the mirror up to date: those that changed since the last check, by SCIM; if SCIM
 * may not be read, and once an hour, all pages of people.
 */
export async function readChangedPeople(
  deps: Deps,
  input: { orgId: string; looked: DirectoryRead; before: WatchState },
  read: ReadOptions,
): Promise<PeopleCheck> {
  const { orgId, looked, before } = input;
  const { startedAt } = looked;
  const { lastModified, fullLookAt, unread = [] } = before.cursor;
  const since = new Date(Date.parse(lastModified ?? startedAt.toISOString()) - overlapMs);
  if (before.baselineAt === null) {
    const callingData = await readsCalling(deps.db, orgId, null);
    await readEverybody(deps, { orgId, looked, callingData }, read);
    return { isFull: true, readBy: 'people', newest: null, unread: [], trouble: null };
  }
  const changed = await changedUsers(deps, since, read);
  const readBy = changed === null ? 'people' : 'scim';
  const newest = changed?.newest ?? null;
  const isFullCheckDue =
    startedAt.getTime() - Date.parse(fullLookAt ?? '1970-01-01') >= fullCheckEveryMs;
  if (changed === null || isFullCheckDue) {
    const trouble = await readEverybodyShown(deps, { orgId, looked }, read);
    return { isFull: trouble === null, readBy, newest, unread: [], trouble };
  }
  const wanted = await unknownAmong(deps.db, orgId, [...changed.personIds, ...unread]);
  const members = await unknownMembers(deps.db, orgId, mostUnread);
  const missing = await readThese(deps, orgId, [...new Set([...wanted, ...members])], read);
  return { isFull: false, readBy, newest, unread: missing.slice(0, mostUnread), trouble: null };
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

/** Who is shown is served, even where the list as a whole lacks a part (R88): the reason is returned. */
async function readEverybodyShown(
  deps: Deps,
  { orgId, looked }: { orgId: string; looked: DirectoryRead },
  read: ReadOptions,
): Promise<string | null> {
  try {
    const callingData = await readsCalling(deps.db, orgId, null);
    await readEverybody(deps, { orgId, looked, callingData }, read);
    return null;
  } catch (error) {
    if (!(error instanceof WebexError) || error.kind !== 'incomplete') throw error;
    const { came } = error.context;
    if (came) {
      const of = { orgId, list: listName.people, shown: came.shown, promised: came.promised };
      await recordIncomplete(deps.db, of);
    }
    return error.message;
  }
}

/**
 * Reads these people into the mirror and returns those whom Webex doesn't have. They count as gone only
 * when a second read agrees (R89).
 */
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
  const looked = await beginRead(db, orgId);
  for await (const page of webex.readPeople(personIds, population, { ...read, callingData })) {
    await mirrorUsers(db, orgId, page.users, looked);
    await noteNotFound(db, orgId, page.notFound);
    missing.push(...page.notFound, ...(page.unanswered ?? []));
  }
  return missing;
}
