/** Reads of groups and their members into the mirror, for rollouts and for the watch. */
import { kindOf } from '../../domain/kinds/kind-of';
import type { Queryable } from '../../db/connect';
import {
  mirrorGroups,
  readKnownGroup,
  type KnownGroup,
} from '../../db/directory/mirror/mirror-groups';
import { mirrorMembers } from '../../db/directory/mirror/mirror-members';
import type { DirectoryRead } from '../../db/directory/reads';
import { noteGroupNotFound } from '../../db/directory/settle/vanished-groups';
import { findRequest } from '../../db/rollout/request';
import { readSettings } from '../../db/admin/settings';
import {
  acceptedPart,
  grantedPart,
  keepAcceptedPart,
  listName,
  recordIncomplete,
  type AcceptedPart,
  type GrantedPart,
} from '../../db/directory/beliefs/beliefs';
import { doubtOfPart, type DoubtfulGroup } from '../../domain/watch/member-drop';
import { WebexError, type Proof, type ReadOptions, type WebexMember } from '../../webex/port/webex';
import type { ActivityDeps } from '../activity/deps';

type Deps = Pick<ActivityDeps, 'db' | 'webex'>;

/** Reads the list of groups into the mirror. Throws `incomplete` where nobody has accepted its part. */
export async function readGroups(
  { db, webex }: Deps,
  { orgId, looked }: { orgId: string; looked: DirectoryRead },
  read: ReadOptions,
): Promise<void> {
  const list = listName.groups;
  const accepted = await whatIsAccepted(db, orgId, list);
  const proofs: Proof[] = [];
  const onProof = (proof: Proof) => {
    if (proof.list === list) proofs.push(proof);
  };
  const groups = await webex.listGroups({ ...read, acceptShown: leastShown(accepted), onProof });
  const part = partOf(proofs.at(-1));
  if (part && isNews(part, accepted)) throw incompleteGroups(part);
  if (part || accepted.part) await keepAcceptedPart(db, { orgId, list, part });
  await mirrorGroups(db, orgId, groups, { ...looked, isWhole: part === null });
}

function incompleteGroups({ shown, promised }: AcceptedPart): WebexError {
  const operation = 'GET /groups';
  const text = `${operation}: only ${shown} of ${promised ?? 'more'} could be read`;
  return new WebexError('incomplete', text, {
    operation,
    came: { list: 'groups', shown, promised },
  });
}

export interface MembersWanted {
  orgId: string;
  groupIds: readonly string[];
  /** A person accepts whatever number of members is shown. */
  acceptDrops?: boolean;
  /** Of what seems to be missing: the groups themselves are asked as well (R89). */
  isSecondRead?: boolean;
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
  { orgId, groupIds, acceptDrops = false, isSecondRead = false }: MembersWanted,
  read: ReadOptions,
): Promise<MembersRead> {
  const { db } = deps;
  const { settings } = await readSettings(db, orgId);
  const doubtful: DoubtfulGroup[] = [];
  const seen = new Set(groupIds);
  for (const groupId of seen) {
    const known = await readKnownGroup(db, orgId, groupId);
    if (!known) continue;
    const group = { orgId, groupId, known, acceptDrops, isSecondRead };
    const list = await readList(deps, group, read);
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
  isSecondRead: boolean;
}

interface ReadList {
  doubt: string | null;
  innerIds: readonly string[];
}

async function readList(deps: Deps, group: GroupToRead, read: ReadOptions): Promise<ReadList> {
  const { db } = deps;
  const { orgId, groupId, known } = group;
  const { displayName, innerIds } = known;
  const refused = async (came: { shown: number; promised: number | null }) => {
    const { shown, promised } = came;
    await recordIncomplete(db, { orgId, list: listName.members(groupId), shown, promised });
    return { doubt: doubtOfPart(displayName, came), innerIds };
  };
  let list: { members: WebexMember[]; part: AcceptedPart | null };
  try {
    list = await readAccepting(deps, group, read);
  } catch (error) {
    if (!(error instanceof WebexError)) throw error;
    const { came } = error.context;
    if (error.kind === 'incomplete' && came) return await refused(came);
    if (error.kind !== 'not-found') throw error;
    await noteGroupNotFound(db, orgId, groupId);
    return { doubt: null, innerIds };
  }
  const { members, part } = list;
  if (part) return await refused(part);
  await mirrorMembers(db, { orgId, groupId, members, beganAt: known.askedAt });
  const inner = members.filter(({ type }) => type === 'group').map(({ memberId }) => memberId);
  // A nested group that is missing is still read: it still counts.
  return { doubt: null, innerIds: [...new Set([...inner, ...innerIds])] };
}

/**
 * Members as far as a person accepts that the list lacks a part. `part`: it lacks one that nobody has
 * accepted. Once accepted, the same part of the same total is no news.
 */
async function readAccepting(
  { db, webex }: Deps,
  { orgId, groupId, known: { memberSize }, acceptDrops, isSecondRead }: GroupToRead,
  read: ReadOptions,
): Promise<{ members: WebexMember[]; part: AcceptedPart | null }> {
  const list = listName.members(groupId);
  const known = await whatIsAccepted(db, orgId, list);
  const accepted = acceptDrops ? { ...known, granted: anyPart } : known;
  const proofs: Proof[] = [];
  const members: WebexMember[] = [];
  const acceptShown = leastShown(accepted);
  const onProof = (proof: Proof) => void proofs.push(proof);
  const options = { ...read, promised: memberSize, isSecondRead, acceptShown, onProof };
  for await (const page of webex.listMembers(groupId, options)) members.push(...page);
  const part = partOf(proofs.at(-1));
  if (part && isNews(part, accepted)) return { members, part };
  if (part || accepted.part) await keepAcceptedPart(db, { orgId, list, part });
  return { members, part: null };
}

function partOf(proof: Proof | undefined): AcceptedPart | null {
  return proof?.proof === 'accepted' ? { shown: proof.shown, promised: proof.promised } : null;
}

/** What people have accepted of a list that lacks a part. */
interface Accepted {
  /** Since its last read. */
  granted: GrantedPart | null;
  /** At an earlier read: this part of this total. */
  part: AcceptedPart | null;
}

const anyPart: GrantedPart = { shown: 0, missing: Infinity };

async function whatIsAccepted(db: Queryable, orgId: string, list: string): Promise<Accepted> {
  return {
    granted: await grantedPart(db, orgId, list),
    part: await acceptedPart(db, orgId, list),
  };
}

function leastShown({ granted, part }: Accepted): number | null {
  return granted?.shown ?? part?.shown ?? null;
}

/** Whether nobody has accepted, now or before, that a list lacks this part. */
function isNews({ shown, promised }: AcceptedPart, { granted, part }: Accepted): boolean {
  if (part?.shown === shown && part.promised === promised) return false;
  if (!granted) return true;
  return shown < granted.shown || (promised ?? shown) - shown > granted.missing;
}

/** Groups whose members a rollout needs in addition to those of groups with a template. */
export async function groupsOfRollout(db: Queryable, rolloutId: string): Promise<string[]> {
  const request = await findRequest(db, rolloutId);
  if (!request) return [];
  const { change, pilot, except } = request;
  return [...(pilot?.groups ?? []), ...(except?.groups ?? []), ...kindOf(change).namedGroups];
}
