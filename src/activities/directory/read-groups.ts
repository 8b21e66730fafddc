/** Reads of groups and their members into the mirror, for rollouts and for the watch. */
import { kindOf } from '../../domain/kinds/kind-of';
import type { Queryable } from '../../db/connect';
import {
  markGroupGone,
  mirrorGroups,
  mirrorMembers,
  readKnownGroup,
  type KnownGroup,
} from '../../db/directory/mirror-groups';
import { findRequest } from '../../db/rollout/request';
import { readSettings } from '../../db/admin/settings';
import { doubtOf, doubtOfPart, type DoubtfulGroup } from '../../domain/watch/member-drop';
import type { OrgSettings } from '../../domain/model/settings';
import { WebexError, type Proof, type ReadOptions, type WebexMember } from '../../webex/port/webex';
import type { ActivityDeps } from '../activity/deps';

type Deps = Pick<ActivityDeps, 'db' | 'webex'>;

/** Reads the list of groups into the mirror. */
export async function readGroups(deps: Deps, orgId: string, read: ReadOptions): Promise<void> {
  const startedAt = new Date();
  const groups = await deps.webex.listGroups(read);
  await mirrorGroups(deps.db, orgId, groups, { startedAt, endedAt: new Date() });
}

/** A drop that somebody has accepted. */
export interface AcceptedDrop {
  groupId: string;
  before: number;
  now: number;
}

export interface MembersRead {
  /** Groups whose members in the mirror are left unchanged. */
  doubtful: DoubtfulGroup[];
  /** Implausible drops that were stored because the caller accepts them. */
  accepted: AcceptedDrop[];
}

/**
 * Reads the members of these groups into the mirror and, if the settings say so, of the groups nested in
 * them (R10), which may form a circle. A list that is incomplete or shrank implausibly is returned as
 * doubtful and not stored. A group that doesn't exist any more is marked as vanished (R33).
 */
export async function readMembers(
  deps: Deps,
  input: { orgId: string; groupIds: readonly string[]; acceptDrops?: boolean },
  read: ReadOptions,
): Promise<MembersRead> {
  const { db } = deps;
  const { orgId, acceptDrops = false } = input;
  const { settings } = await readSettings(db, orgId);
  const result: MembersRead = { doubtful: [], accepted: [] };
  const seen = new Set(input.groupIds);
  for (const groupId of seen) {
    const known = await readKnownGroup(db, orgId, groupId);
    if (!known) continue;
    const list = await readList(deps, { orgId, groupId, known, settings, acceptDrops }, read);
    if (list.drop) result.accepted.push({ groupId, ...list.drop });
    if (list.doubt !== null) result.doubtful.push({ groupId, reason: list.doubt });
    if (!settings.includeParentGroups) continue;
    // Iterating over a set includes what is added meanwhile: each group once, even in a circle.
    list.innerIds.forEach((id) => seen.add(id));
  }
  return result;
}

interface ReadList {
  doubt: string | null;
  drop: { before: number; now: number } | null;
  innerIds: readonly string[];
}

async function readList(
  { db, webex }: Deps,
  group: {
    orgId: string;
    groupId: string;
    known: KnownGroup;
    settings: OrgSettings;
    acceptDrops: boolean;
  },
  read: ReadOptions,
): Promise<ReadList> {
  const { orgId, groupId, known, settings } = group;
  const { displayName, innerIds } = known;
  const members: WebexMember[] = [];
  try {
    const promised = known.memberSize;
    // Who accepts drops accepts whatever number is shown; later the same number is no news.
    const stored = known.members === 0 ? null : known.members;
    const acceptable = group.acceptDrops ? 0 : stored;
    let proof: Proof | null = null;
    const onProof = (given: Proof) => (proof = given);
    const options = { ...read, promised, acceptShown: acceptable, onProof };
    for await (const page of webex.listMembers(groupId, options)) members.push(...page);
    if (isPartial(proof, group.acceptDrops ? members.length : stored)) {
      const came = { shown: members.length, promised };
      return { doubt: doubtOfPart(displayName, came), drop: null, innerIds };
    }
  } catch (error) {
    const doubt = doubtOfError(displayName, error);
    if (doubt === null) await markGroupGone(db, orgId, groupId);
    return { doubt, drop: null, innerIds };
  }
  const before = known.members ?? 0;
  const now = members.length;
  const { maxMemberDropPercent } = settings;
  const doubt = doubtOf({ displayName, before, now, maxMemberDropPercent });
  if (doubt !== null && !group.acceptDrops) return { doubt, drop: null, innerIds };
  await mirrorMembers(db, { orgId, groupId, members, readAt: new Date() });
  return {
    doubt: null,
    drop: doubt === null ? null : { before, now },
    innerIds: members.filter(({ type }) => type === 'group').map(({ memberId }) => memberId),
  };
}

/** Why a list isn't believed that couldn't be read whole; null: the group doesn't exist any more. */
function doubtOfError(displayName: string, error: unknown): string | null {
  if (!(error instanceof WebexError)) throw error;
  const { came } = error.context;
  if (error.kind === 'incomplete' && came) return doubtOfPart(displayName, came);
  if (error.kind !== 'not-found') throw error;
  return null;
}

/** Whether a list is below its total, and isn't as long as the one that was accepted before. */
function isPartial(proof: Proof | null, stored: number | null): boolean {
  return proof?.proof === 'accepted' && proof.shown !== stored;
}

/** Groups whose members a rollout needs in addition to those of groups with a template. */
export async function groupsOfRollout(db: Queryable, rolloutId: string): Promise<string[]> {
  const request = await findRequest(db, rolloutId);
  if (!request) return [];
  const { change, pilot, except } = request;
  return [...(pilot?.groups ?? []), ...(except?.groups ?? []), ...kindOf(change).namedGroups];
}
