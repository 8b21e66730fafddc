import { listTemplatedGroups } from '../../db/directory/group-covers';
import { setTimeout as delay } from 'node:timers/promises';
import { recordAudit } from '../../db/admin/audit';
import { doubtsInOneLine, type DoubtfulGroup } from '../../domain/watch/member-drop';
import { WebexError, type ReadOptions } from '../../webex/port/webex';
import { systemActor, type Actor } from '../../domain/model/actor';
import type { ActivityDeps } from '../activity/deps';
import { groupsOfRollout, readGroups, readMembers, type AcceptedDrop } from './read-groups';

/** A page that is missing may be there the next time. */
const tries = 3;
const waitMs = 1_000;

export interface GroupsWanted {
  orgId: string;
  /** Its groups are included. */
  rolloutId: string | null;
  /** Who accepts member lists that shrank implausibly; null: nobody. */
  dropsAcceptedBy: Actor | null;
}

/**
 * Reads groups and the needed members into the mirror. Returns the groups whose members, after a few
 * attempts, couldn't be read completely or can't be believed. Throws `incomplete` if the list of groups
 * itself stays incomplete.
 */
export async function readGroupsWithRetries(
  deps: ActivityDeps,
  wanted: GroupsWanted,
  read: ReadOptions,
): Promise<DoubtfulGroup[]> {
  const { orgId, rolloutId, dropsAcceptedBy: actor } = wanted;
  let left: readonly string[] | null = null;
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt === tries;
    try {
      await readGroups(deps, orgId, read);
    } catch (error) {
      if (isLast || !(error instanceof WebexError) || error.kind !== 'incomplete') throw error;
      await delay(waitMs * attempt, undefined, { signal: read.signal });
      continue;
    }
    left ??= await groupsToRead(deps, orgId, rolloutId);
    const acceptDrops = actor !== null;
    const result = await readMembers(deps, { orgId, groupIds: left, acceptDrops }, read);
    if (actor) for (const drop of result.accepted) await recordAccepted(deps, orgId, actor, drop);
    if (result.doubtful.length === 0) return [];
    if (isLast) {
      await recordDoubtful(deps, orgId, result.doubtful);
      return result.doubtful;
    }
    left = result.doubtful.map(({ groupId }) => groupId);
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

async function recordAccepted(
  { db }: ActivityDeps,
  orgId: string,
  actor: Actor,
  { groupId, before, now }: AcceptedDrop,
): Promise<void> {
  const target = `groups/${groupId}`;
  const details = { before, now };
  await recordAudit(db, { orgId, actor, action: 'directory.drop-accepted', target, details });
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
