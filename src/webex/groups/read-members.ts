import { orgUuidOf } from '../../domain/model/webex-id';
import { incomplete, onlySome } from '../http/incomplete';
import { mapPages } from '../http/map-pages';
import { isAccepted, readIndexed } from '../http/read-indexed';
import { collectUntilProven } from '../http/read-until-proven';
import type { ReadProgress, Read } from '../http/reader';
import type { WebexMember } from '../port/webex';
import { canonicalId, idKey, type IdForms } from '../wire/id-forms';
import { wireGroup, type WireGroup, type WireGroupMember } from '../wire/wire';
import { indexQuery } from './read-groups';

const operation = 'GET /groups/{groupId}/members';
const list = 'members';

export interface MembersWanted {
  groupId: string;
  /** How many the list of groups says; null: unknown. */
  promised: number | null;
  /** Ask the group itself too, although the list of groups agrees with the list of members. */
  isSecondRead?: boolean;
}

/**
 * The direct members of a group of every type, each once. Throws `incomplete` or `not-found`.
 *
 * Two figures have to be reached: the list's own, and the group's, which is asked for again where the
 * list is shorter, and where members seem to be missing (R89). Both count members of every type. Where a group is nested, the group's own figure may
 * count those inside it, so only that of the list has to be reached.
 */
export async function listMembers(
  read: Read,
  ids: IdForms,
  { groupId, promised, isSecondRead = false }: MembersWanted,
  progress: ReadProgress,
): Promise<WebexMember[]> {
  const call = {
    operation,
    list,
    path: `/groups/${encodeURIComponent(groupId)}/members`,
    schema: wireGroup,
    missing: 'not-found',
    pageAt: indexQuery,
    idsOf: ({ members }: WireGroup) => members?.map(memberKey) ?? null,
    totalOf: ({ memberSize, totalResults }: WireGroup) => memberSize ?? totalResults ?? null,
    knownTotal: promised,
  } as const;
  async function* attempt(isLastAttempt: boolean) {
    const seen = { nested: false };
    const pages = readIndexed(read, { ...call, isLastAttempt }, progress);
    const proof = yield* mapPages(pages, ({ members }) => {
      const page = (members ?? []).map((member) => toMember(member, groupId, ids));
      seen.nested ||= page.some(({ type }) => type === 'group');
      progress.report(page.length);
      return page;
    });
    const { shown } = proof;
    if (seen.nested) return proof;
    if (!isSecondRead && (promised === null || shown >= promised)) return proof;
    const size = await memberSizeOf(read, groupId, progress);
    if (size === null || shown >= size) return proof;
    if (isAccepted(shown, progress.acceptShown)) {
      return { proof: 'accepted' as const, promised: size, shown };
    }
    const why = onlySome(shown, size);
    throw incomplete({ operation, list, why, shown, promised: size });
  }
  const members = await collectUntilProven({ operation, list }, attempt, progress);
  return [...new Map(members.map((member) => [member.memberId, member])).values()];
}

/** What the group itself says by now: members may have left since the list of groups. */
async function memberSizeOf(
  read: Read,
  groupId: string,
  progress: ReadProgress,
): Promise<number | null> {
  const path = `/groups/${encodeURIComponent(groupId)}`;
  const missing = 'not-found' as const;
  const call = { operation: 'GET /groups/{groupId}', path, schema: wireGroup, missing };
  const { body } = await read(call, progress);
  progress.report(0);
  return body.memberSize ?? null;
}

/** Nothing says that a group and a user can't have the same UUID. */
function memberKey({ id, type }: WireGroupMember): string {
  return `${type?.toLowerCase() ?? 'user'}:${idKey(id)}`;
}

/** Nested groups get the id that the list of groups has for them, whatever the form of theirs. */
function toMember(wire: WireGroupMember, groupId: string, ids: IdForms): WebexMember {
  const type = wire.type?.toLowerCase() ?? 'user';
  if (type === 'user') return { memberId: ids.person(wire.id), type };
  if (type === 'group') return { memberId: ids.group(wire.id, orgUuidOf(groupId)), type };
  return { memberId: canonicalId(wire.id), type };
}
