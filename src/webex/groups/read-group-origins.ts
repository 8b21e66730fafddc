import type { GroupOrigin } from '../../domain/templates/distribution-group';
import { orgUuidOf } from '../../domain/model/webex-id';
import { mapPages } from '../http/map-pages';
import { readIndexed } from '../http/read-indexed';
import { collectUntilProven } from '../http/read-until-proven';
import type { ReadProgress, Read } from '../http/reader';
import type { WebexGroup } from '../port/webex';
import { idKey } from '../wire/id-forms';
import { wireScimGroups, type WireScimGroup, type WireScimGroups } from '../wire/wire';

const operation = 'GET /identity/scim/{orgId}/v2/Groups';
const list = 'group origins';
const pageSize = 500;

export const unknownOrigin: GroupOrigin = { source: null, usage: null };

/** Reads SCIM's groups, by UUID. Throws `incomplete`. */
export async function readGroupOrigins(
  read: Read,
  orgUuid: string,
  progress: ReadProgress,
): Promise<Map<string, GroupOrigin>> {
  const call = {
    operation,
    list,
    path: `/identity/scim/${orgUuid}/v2/Groups`,
    isScim: true,
    mayBeRefused: 'until-allowed',
    schema: wireScimGroups,
    pageAt: (startIndex: number) =>
      new URLSearchParams({
        sortBy: 'id',
        startIndex: String(startIndex),
        count: String(pageSize),
      }),
    idsOf: ({ Resources }: WireScimGroups) => Resources?.map(({ id }) => idKey(id)) ?? null,
    totalOf: ({ totalResults }: WireScimGroups) => totalResults ?? null,
  } as const;
  const groups = await collectUntilProven(
    { operation, list },
    (isLastAttempt) =>
      mapPages(readIndexed(read, { ...call, isLastAttempt }, progress), ({ Resources }) => {
        progress.report(0);
        return Resources ?? [];
      }),
    progress,
  );
  return new Map(groups.map((wire) => [idKey(wire.id), originOf(wire)]));
}

/** Adds what SCIM shows to groups; leaves them unchanged if SCIM shows nothing or can't be read. */
export async function withOrigins(
  groups: readonly WebexGroup[],
  readOrigins: (orgUuid: string) => Promise<Map<string, GroupOrigin> | null>,
): Promise<WebexGroup[]> {
  const orgUuid = groups.map(({ groupId }) => orgUuidOf(groupId)).find(Boolean);
  const origins = orgUuid === undefined ? null : await readOrigins(orgUuid);
  return groups.map((group) => {
    const origin = origins?.get(idKey(group.groupId)) ?? unknownOrigin;
    const isLocation = group.isLocation || origin.usage?.toLowerCase() === 'location';
    return { ...group, ...origin, isLocation };
  });
}

function originOf(wire: WireScimGroup): GroupOrigin {
  const extension = wire['urn:scim:schemas:extension:cisco:webexidentity:2.0:Group'];
  return { source: extension?.provisionSource ?? null, usage: extension?.usage ?? null };
}
