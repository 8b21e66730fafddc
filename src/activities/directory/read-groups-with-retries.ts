import { listTemplatedGroups } from '../../db/directory/group-covers';
import { setTimeout as delay } from 'node:timers/promises';
import { recordAudit } from '../../db/admin/audit';
import { listName } from '../../db/directory/beliefs/beliefs';
import { grantList } from '../../db/directory/beliefs/refusals';
import { missingMembers } from '../../db/directory/beliefs/missing';
import type { DirectoryRead } from '../../db/directory/reads';
import { doubtsInOneLine, type DoubtfulGroup } from '../../domain/watch/member-drop';
import { WebexError, type ReadOptions } from '../../webex/port/webex';
import { systemActor, type Actor } from '../../domain/model/actor';
import type { ActivityDeps } from '../activity/deps';
import { groupsOfRollout, readGroups, readMembers } from './read-groups';

/** A page that is missing may be there the next time. */
const tries = 3;
const waitMs = 1_000;

export interface GroupsWanted {
  orgId: string;
  looked: DirectoryRead;
  /** Its groups are included. */
  rolloutId: string | null;
  /** Who accepts member lists that shrank implausibly; null: nobody. */
  dropsAcceptedBy: Actor | null;
}

export interface GroupsRead {
  /** All groups whose members were asked for. */
  groupIds: string[];
  /** Groups whose members, after a few attempts, couldn't be read completely. */
  doubtful: DoubtfulGroup[];
}

/**
 * Reads groups and the needed members into the mirror. Throws `incomplete` if the list of groups itself
 * stays incomplete.
 */
export async function readGroupsWithRetries(
  deps: ActivityDeps,
  wanted: GroupsWanted,
  read: ReadOptions,
): Promise<GroupsRead> {
  const { orgId, rolloutId, dropsAcceptedBy: actor } = wanted;
  const groupIds = new Set<string>();
  let left: readonly string[] | null = null;
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt === tries;
    try {
      await readGroups(deps, wanted, read);
    } catch (error) {
      if (isLast || !(error instanceof WebexError) || error.kind !== 'incomplete') throw error;
      await delay(waitMs * attempt, undefined, { signal: read.signal });
      continue;
    }
    left ??= await groupsToRead(deps, orgId, rolloutId);
    const { doubtful, ...result } = await readMembers(
      deps,
      { orgId, groupIds: left, acceptDrops: actor !== null },
      read,
    );
    result.groupIds.forEach((groupId) => groupIds.add(groupId));
    if (doubtful.length === 0 || isLast) {
      if (actor) await acceptDrops(deps, { orgId, groupIds: [...groupIds], actor });
      if (doubtful.length > 0) await recordDoubtful(deps, orgId, doubtful);
      return { groupIds: [...groupIds], doubtful };
    }
    left = doubtful.map(({ groupId }) => groupId);
    await delay(waitMs * attempt, undefined, { signal: read.signal });
  }
}

async function groupsToRead(
  { db }: ActivityDeps,
  orgId: string,
  rolloutId: string | null,
): Promise<string[]> {
  const named = rolloutId === null ? [] : await groupsOfRollout(db, rolloutId);
  return [...new Set([...(await listTemplatedGroups(db, orgId)), ...named])].sort();
}

/** Whoever is missing from these groups now may be taken out of them, once a second read agrees. */
async function acceptDrops(
  { db }: ActivityDeps,
  { orgId, groupIds, actor }: { orgId: string; groupIds: readonly string[]; actor: Actor },
): Promise<void> {
  await db.transaction(async (tx) => {
    for (const { groupId, before, now, missing } of await missingMembers(tx, orgId, groupIds)) {
      const list = listName.members(groupId);
      const reason = 'accepted when observing the directory';
      await grantList(tx, { orgId, list, shown: now, missing, actor, reason });
      const target = `groups/${groupId}`;
      const details = { before, now };
      await recordAudit(tx, { orgId, actor, action: 'directory.drop-accepted', target, details });
    }
  });
}

async function recordDoubtful(
  { db, logger }: ActivityDeps,
  orgId: string,
  doubtful: readonly DoubtfulGroup[],
): Promise<void> {
  const reason = doubtsInOneLine(doubtful);
  logger.warn(
    { groups: doubtful.length, reason },
    'the members of some groups could not be read completely',
  );
  await recordAudit(db, {
    orgId,
    actor: systemActor,
    action: 'directory.doubted',
    target: 'groups',
    details: { groups: doubtful.length, reason },
  });
}
