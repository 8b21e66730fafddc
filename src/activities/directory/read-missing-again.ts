import { readSettings } from '../../db/admin/settings';
import { mirrorLicenses, settleLicenses } from '../../db/directory/mirror/mirror-licenses';
import { mirrorUsers } from '../../db/directory/mirror/mirror-people';
import { settleMembers } from '../../db/directory/settle/settle-members';
import {
  countMissing,
  missingMembers,
  type Missing,
  type Settling,
} from '../../db/directory/beliefs/missing';
import {
  missingPeople,
  noteNotFound,
  settlePeople,
} from '../../db/directory/settle/missing-people';
import { readPeopleFigures } from '../../db/directory/people-figures';
import { beginRead } from '../../db/directory/reads';
import { peopleWithMissedHoldings, settleHolders } from '../../db/directory/settle/settle-holders';
import {
  noteGroupFound,
  noteGroupNotFound,
  settleGroups,
  vanishedThatMatter,
} from '../../db/directory/settle/vanished-groups';
import { WebexError, type ReadOptions } from '../../webex/port/webex';
import type { ActivityDeps } from '../activity/deps';
import type { PendingRead } from './directory-check';
import { readGroups, readMembers } from './read-groups';

/** People who are asked for by id in one batch; what follows is asked once these are stored. */
const peoplePerBatch = 1_700;
/** Webex is asked by id for at most so many people in one check; the next check asks for the others. */
const mostAsked = 34_000;

type Deps = Pick<ActivityDeps, 'db' | 'webex'>;

/**
 * The second read (R89): of just what the first one didn't show, and people are asked for by id. What both
 * agree about is taken out of the mirror where the list is believed (R88).
 */
export async function readMissingAgain(
  deps: Deps,
  settling: Settling,
  pending: Pick<PendingRead, 'groupIds' | 'hasTrouble' | 'readEverybody' | 'onlyMembers'>,
  read: ReadOptions,
): Promise<void> {
  const { db } = deps;
  const { orgId } = settling;
  const missing = await countMissing(db, orgId, pending.groupIds);
  if (!pending.onlyMembers) await confirmOthers(deps, settling, { missing, pending }, read);
  if (missing.members > 0) await confirmMembers(deps, settling, pending, read);
}

async function confirmOthers(
  deps: Deps,
  settling: Settling,
  { missing, pending }: { missing: Missing; pending: Pick<PendingRead, 'readEverybody'> },
  read: ReadOptions,
): Promise<void> {
  const { db } = deps;
  const { orgId } = settling;
  if (missing.licenses > 0) await confirmLicenses(deps, settling, read);
  if (missing.groups > 0) await confirmGroups(deps, settling, read);
  if (missing.people > 0) {
    await askFor(deps, orgId, missingPeople, read);
    const { promised: otherCount } = await readPeopleFigures(db, orgId);
    await settlePeople(db, { ...settling, otherCount });
  }
  if (missing.holdings > 0) await askFor(deps, orgId, peopleWithMissedHoldings, read);
  if (missing.holdings > 0 || pending.readEverybody) await settleHolders(db, settling);
}

async function confirmLicenses(deps: Deps, settling: Settling, read: ReadOptions): Promise<void> {
  const { orgId } = settling;
  const looked = await beginRead(deps.db, orgId);
  await mirrorLicenses(deps.db, orgId, await deps.webex.listLicenses(read), looked);
  await settleLicenses(deps.db, settling);
}

/** A list may be short twice: groups whose members matter are also asked for by id. */
async function confirmGroups(deps: Deps, settling: Settling, read: ReadOptions): Promise<void> {
  const { db, webex } = deps;
  const { orgId } = settling;
  await readGroups(deps, { orgId, looked: await beginRead(db, orgId) }, read);
  for (const groupId of await vanishedThatMatter(db, orgId)) {
    if (await isThere(webex, groupId, read)) await noteGroupFound(db, orgId, groupId);
    else await noteGroupNotFound(db, orgId, groupId);
  }
  await settleGroups(db, settling);
}

async function isThere(webex: Deps['webex'], groupId: string, read: ReadOptions): Promise<boolean> {
  try {
    for await (const page of webex.listMembers(groupId, read)) if (page.length > 0) break;
    return true;
  } catch (error) {
    if (!(error instanceof WebexError)) throw error;
    if (error.kind === 'not-found') return false;
    if (error.kind === 'incomplete') return true;
    throw error;
  }
}

async function askFor(
  { db, webex }: Deps,
  orgId: string,
  pageOf: typeof missingPeople,
  read: ReadOptions,
): Promise<void> {
  for (let after = '', asked = 0; asked < mostAsked;) {
    const ids = await pageOf(db, { orgId, after, limit: peoplePerBatch });
    const last = ids.at(-1);
    if (last === undefined) return;
    const looked = await beginRead(db, orgId);
    // By id, however few people there are: a list is what has to be confirmed.
    for await (const page of webex.readPeople(ids, Infinity, read)) {
      await mirrorUsers(db, orgId, page.users, looked);
      await noteNotFound(db, orgId, page.notFound);
    }
    after = last;
    asked += ids.length;
  }
}

async function confirmMembers(
  deps: Deps,
  settling: Settling,
  { groupIds, hasTrouble }: Pick<PendingRead, 'groupIds' | 'hasTrouble'>,
  read: ReadOptions,
): Promise<void> {
  const { db } = deps;
  const { orgId } = settling;
  const { maxMemberDropPercent, preserveOnGroupTransition } = (await readSettings(db, orgId))
    .settings;
  const missing = (await missingMembers(db, orgId, groupIds)).map(({ groupId }) => groupId);
  // Where a leave takes licenses, whoever left one group may have joined another since it was read.
  const toRead = preserveOnGroupTransition ? missing : groupIds;
  const wanted = { orgId, groupIds: toRead, isSecondRead: true };
  const { doubtful } = await readMembers(deps, wanted, read);
  const othersRead = !hasTrouble && doubtful.length === 0;
  // Nor may a leave count while the group that was joined may be one that can't be read (R89).
  if (!preserveOnGroupTransition && !(othersRead && (await isEveryGroupThere(db, orgId)))) return;
  const unread = new Set(doubtful.map(({ groupId }) => groupId));
  for (const groupId of toRead.filter((id) => !unread.has(id))) {
    await settleMembers(db, { ...settling, groupId, maxMemberDropPercent, othersRead });
  }
}

/** No group whose members matter has vanished without counting as deleted. */
async function isEveryGroupThere(db: Deps['db'], orgId: string): Promise<boolean> {
  return (await vanishedThatMatter(db, orgId)).length === 0;
}
