import { orgUuidOf, toWebexId, uuidOf } from '../../domain/model/webex-id';
import { nextPageQuery } from '../http/link-header';
import { canonicalId } from '../wire/map-directory';
import { unknownOrigin } from './read-group-origins';
import type { ReadProgress, Read } from '../http/reader';
import { readPages } from '../http/read-pages';
import { WebexError, type WebexGroup, type WebexMember } from '../port/webex';
import {
  wireGroup,
  wireGroups,
  wireLocations,
  type WireGroup,
  type WireGroupMember,
} from '../wire/wire';

/** Webex's limit for members; used for groups as well. */
const pageSize = 500;

/** All groups, sorted by id (`GET /groups`). Throws `incomplete` if there are fewer than Webex counts. */
export async function listGroups(
  read: Read,
  locationUuids: ReadonlySet<string>,
  progress: ReadProgress,
): Promise<WebexGroup[]> {
  const operation = 'GET /groups';
  const groups = new Map<string, WebexGroup>();
  let query = indexQuery(1);
  for (let seen = 0; ;) {
    const call = { operation, path: '/groups', query, schema: wireGroups };
    const { body, headers, trackingId } = await read(call, progress);
    for (const wire of body.groups) {
      const group = toGroup(wire, locationUuids);
      groups.set(group.groupId, group);
    }
    seen += body.groups.length;
    progress.report(0);
    const next = nextPageQuery(headers.get('link'));
    const total = body.totalResults ?? (next ? Infinity : seen);
    if (body.groups.length === 0 || (seen >= total && !next)) {
      assertComplete({ operation, trackingId, got: seen, promised: body.totalResults ?? 0 });
      return [...groups.values()].sort((a, b) => (a.groupId < b.groupId ? -1 : 1));
    }
    query = next ?? indexQuery(seen + 1);
  }
}

/** The direct members of a group, page by page. Throws `incomplete` or `not-found`. */
export async function* listMembers(
  read: Read,
  group: { groupId: string; promised: number | null },
  progress: ReadProgress,
): AsyncGenerator<WebexMember[]> {
  const { groupId } = group;
  const operation = 'GET /groups/{groupId}/members';
  const path = `/groups/${encodeURIComponent(groupId)}/members`;
  const seenIds = new Set<string>();
  let query = indexQuery(1);
  for (let seen = 0; ;) {
    const call = { operation, path, query, schema: wireGroup, missing: 'not-found' as const };
    const { body, headers, trackingId } = await read(call, progress);
    const members = body.members ?? [];
    seen += members.length;
    const fresh = members
      .map((member) => toMember(member, groupId))
      .filter(({ memberId }) => !seenIds.has(memberId) && seenIds.add(memberId));
    progress.report(fresh.length);
    if (fresh.length > 0) yield fresh;
    const promised = body.memberSize ?? body.totalResults ?? group.promised;
    const next = nextPageQuery(headers.get('link'));
    if (members.length === 0 || (!next && isEnough(seen, promised, members.length))) {
      assertComplete({ operation, trackingId, got: seenIds.size, promised: promised ?? 0 });
      return;
    }
    query = next ?? indexQuery(seen + 1);
  }
}

/** UUIDs of all locations: a group with one of these is a location group (R13). */
export async function listLocationUuids(read: Read, progress: ReadProgress): Promise<Set<string>> {
  const call = {
    operation: 'GET /locations',
    path: '/locations',
    query: new URLSearchParams({ max: '1000' }),
    schema: wireLocations,
  };
  const uuids = new Set<string>();
  for await (const { body } of readPages(read, call, progress)) {
    for (const { id } of body.items) uuids.add(uuidOf(id) ?? id);
    progress.report(0);
  }
  return uuids;
}

function toGroup(wire: WireGroup, locationUuids: ReadonlySet<string>): WebexGroup {
  const groupId = canonicalId(wire.id);
  return {
    groupId,
    displayName: wire.displayName ?? '',
    memberSize: wire.memberSize ?? null,
    isLocation: locationUuids.has(uuidOf(groupId) ?? groupId),
    ...unknownOrigin,
  };
}

/** Nested groups get the id that the list of groups has for them, whatever the form of theirs. */
function toMember(wire: WireGroupMember, groupId: string): WebexMember {
  const type = wire.type?.toLowerCase() ?? 'user';
  const id = canonicalId(wire.id);
  if (type !== 'group') return { memberId: id, type };
  return { memberId: toWebexId('group', id, orgUuidOf(groupId) ?? '') ?? id, type };
}

function indexQuery(startIndex: number): URLSearchParams {
  return new URLSearchParams({ startIndex: String(startIndex), count: String(pageSize) });
}

/** Without a promised number, a short page is the last one. */
function isEnough(seen: number, promised: number | null, onThisPage: number): boolean {
  return promised === null ? onThisPage < pageSize : seen >= promised;
}

function assertComplete(read: {
  operation: string;
  trackingId: string;
  got: number;
  promised: number;
}): void {
  const { operation, trackingId, got, promised } = read;
  if (got >= promised) return;
  const message = `${operation}: only ${got} of ${promised} could be read (${trackingId})`;
  const came = { got, promised };
  throw new WebexError('incomplete', message, { operation, trackingId, came });
}
