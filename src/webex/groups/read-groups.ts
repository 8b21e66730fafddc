import { mapPages } from '../http/map-pages';
import { readIndexed } from '../http/read-indexed';
import { readLinked } from '../http/read-linked';
import { collectUntilProven } from '../http/read-until-proven';
import type { ReadProgress, Read } from '../http/reader';
import type { WebexGroup } from '../port/webex';
import { idKey, type IdForms } from '../wire/id-forms';
import { wireGroups, wireLocations, type WireGroup, type WireGroups } from '../wire/wire';
import { unknownOrigin } from './read-group-origins';

/** Webex's limit for members; used for groups as well. */
const pageSize = 500;

export function indexQuery(startIndex: number): URLSearchParams {
  return new URLSearchParams({ startIndex: String(startIndex), count: String(pageSize) });
}

/** All groups, sorted by id (`GET /groups`). Throws `incomplete` if it can't be proved (R87). */
export async function listGroups(
  read: Read,
  { ids, locationUuids }: { ids: IdForms; locationUuids: ReadonlySet<string> },
  progress: ReadProgress,
): Promise<WebexGroup[]> {
  const operation = 'GET /groups';
  const list = 'groups';
  const call = {
    operation,
    list,
    path: '/groups',
    schema: wireGroups,
    pageAt: indexQuery,
    idsOf: ({ groups }: WireGroups) => groups.map(({ id }) => idKey(id)),
    totalOf: ({ totalResults }: WireGroups) => totalResults ?? null,
  } as const;
  const wires = await collectUntilProven(
    { operation, list },
    (isLastAttempt) =>
      mapPages(readIndexed(read, { ...call, isLastAttempt }, progress), ({ groups }) => {
        progress.report(0);
        return groups;
      }),
    progress,
  );
  const groups = new Map<string, WebexGroup>();
  for (const wire of wires) {
    const group = toGroup(wire, ids, locationUuids);
    groups.set(group.groupId, group);
  }
  return [...groups.values()].sort((a, b) => (a.groupId < b.groupId ? -1 : 1));
}

/** UUIDs of all locations: a group with one of these is a location group (R13). */
export async function listLocationUuids(read: Read, progress: ReadProgress): Promise<Set<string>> {
  const operation = 'GET /locations';
  const list = 'locations';
  const call = {
    operation,
    list,
    path: '/locations',
    query: new URLSearchParams({ max: '1000' }),
    schema: wireLocations,
    mayBeRefused: 'until-allowed',
    idsOf: ({ items }: { items: { id: string }[] }) => items.map(({ id }) => idKey(id)),
  } as const;
  const uuids = await collectUntilProven(
    { operation, list },
    () =>
      mapPages(readLinked(read, call, progress), ({ body }) => {
        progress.report(0);
        return body.items.map(({ id }) => idKey(id));
      }),
    progress,
  );
  return new Set(uuids);
}

function toGroup(wire: WireGroup, ids: IdForms, locationUuids: ReadonlySet<string>): WebexGroup {
  const groupId = ids.group(wire.id);
  return {
    groupId,
    displayName: wire.displayName ?? '',
    memberSize: wire.memberSize ?? null,
    isLocation: locationUuids.has(idKey(groupId)),
    ...unknownOrigin,
  };
}
