/** Reads of groups and their members into the mirror, for rollouts and for the watch. */
import { kindOf } from '../../domain/kinds/kind-of';
import type { Queryable } from '../../db/connect';
import { mirrorGroups, readKnownGroup, type KnownGroup } from '../../db/directory/mirror-groups';
import { mirrorMembers } from '../../db/directory/mirror-members';
import type { DirectoryRead } from '../../db/directory/reads';
import { noteGroupNotFound } from '../../db/directory/vanished-groups';
import { findRequest } from '../../db/rollout/request';
import { readSettings } from '../../db/admin/settings';
import { grantedShown, listName, recordIncomplete } from '../../db/directory/beliefs';
import { doubtOfPart, type DoubtfulGroup } from '../../domain/watch/member-drop';
import { WebexError, type Proof, type ReadOptions, type WebexMember } from '../../webex/port/webex';
import type { ActivityDeps } from '../activity/deps';

type Deps = Pick<ActivityDeps, 'db' | 'webex'>;

/** Reads the list of groups into the mirror. */
export async function readGroups(
  deps: Deps,
  of: { orgId: string; looked: DirectoryRead },
  read: ReadOptions,
): Promise<void> {
  const { db, webex } = deps;
  const acceptShown = await grantedShown(db, of.orgId, listName.groups);
  await mirrorGroups(db, of.orgId, await webex.listGroups({ ...read, acceptShown }), of.looked);
}

export interface MembersWanted {
  orgId: string;
  groupIds: readonly string[];
  /** A person accepts whatever number of members is shown. */
  acceptDrops?: boolean;
}

export interface MembersRead {
  /** All groups that were asked for, with those inside them. */
  groupIds: string[];
  /** Groups whose list lacks a part: their members in the mirror are left unchanged. */
  doubtful: DoubtfulGroup[];
}

/**
 * Reads the members of these groups into the mirror and, if the settings say so, of the groups nested in
 * them (R10), which may form a circle. A list that lacks a part is returned as doubtful and not stored. A
 * group that doesn't exist any more is noted as vanished (R33).
 */
export async function readMembers(
  deps: Deps,
  { orgId, groupIds, acceptDrops = false }: MembersWanted,
  read: ReadOptions,
): Promise<MembersRead> {
  const { db } = deps;
  const { settings } = await readSettings(db, orgId);
  const doubtful: DoubtfulGroup[] = [];
  const seen = new Set(groupIds);
  for (const groupId of seen) {
    const known = await readKnownGroup(db, orgId, groupId);
    if (!known) continue;
    const list = await readList(deps, { orgId, groupId, known, acceptDrops }, read);
    if (list.doubt !== null) doubtful.push({ groupId, reason: list.doubt });
    if (!settings.includeParentGroups) continue;
    // Iterating over a set includes what is added meanwhile: each group once, even in a circle.
    list.innerIds.forEach((id) => seen.add(id));
  }
  return { groupIds: [...seen], doubtful };
}

interface GroupToRead {
  orgId: string;
  groupId: string;
  known: KnownGroup;
  acceptDrops: boolean;
}

interface ReadList {
  doubt: string | null;
  innerIds: readonly string[];
}

async function readList(
  { db, webex }: Deps,
  { orgId, groupId, known, acceptDrops }: GroupToRead,
  read: ReadOptions,
): Promise<ReadList> {
  const { displayName, innerIds } = known;
  const members: WebexMember[] = [];
  const refused = async (came: { shown: number; promised: number | null }) => {
    const { shown, promised } = came;
    await recordIncomplete(db, { orgId, list: listName.members(groupId), shown, promised });
    return { doubt: doubtOfPart(displayName, came), innerIds };
  };
  try {
    const promised = known.memberSize;
    const granted = acceptDrops ? 0 : await grantedShown(db, orgId, listName.members(groupId));
    // Once a person has accepted what is shown, the same number is no news.
    const stored = known.members === 0 ? null : known.members;
    let proof: Proof | null = null;
    const onProof = (given: Proof) => (proof = given);
    const options = { ...read, promised, acceptShown: granted ?? stored, onProof };
    for await (const page of webex.listMembers(groupId, options)) members.push(...page);
    if (isPartial(proof, { granted, stored })) {
      return await refused({ shown: members.length, promised });
    }
  } catch (error) {
    if (!(error instanceof WebexError)) throw error;
    const { came } = error.context;
    if (error.kind === 'incomplete' && came) return await refused(came);
    if (error.kind !== 'not-found') throw error;
    await noteGroupNotFound(db, orgId, groupId);
    return { doubt: null, innerIds };
  }
  await mirrorMembers(db, { orgId, groupId, members });
  const inner = members.filter(({ type }) => type === 'group').map(({ memberId }) => memberId);
  // A nested group that is missing is still read: it still counts.
  return { doubt: null, innerIds: [...new Set([...inner, ...innerIds])] };
}

/** Whether a list is below its total, and isn't what a person has accepted now or before. */
function isPartial(
  proof: Proof | null,
  { granted, stored }: { granted: number | null; stored: number | null },
): boolean {
  if (proof?.proof !== 'accepted') return false;
  return granted === null ? proof.shown !== stored : proof.shown < granted;
}

/** Groups whose members a rollout needs in addition to those of groups with a template. */
export async function groupsOfRollout(db: Queryable, rolloutId: string): Promise<string[]> {
  const request = await findRequest(db, rolloutId);
  if (!request) return [];
  const { change, pilot, except } = request;
  return [...(pilot?.groups ?? []), ...(except?.groups ?? []), ...kindOf(change).namedGroups];
}
