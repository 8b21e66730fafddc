import type { GroupOrigin } from '../../domain/templates/distribution-group';
import { orgUuidOf, uuidOf } from '../../domain/model/webex-id';
import type { ReadProgress, Read } from '../http/reader';
import type { WebexGroup } from '../port/webex';
import { wireScimGroups, type WireScimGroup } from '../wire/wire';

const operation = 'GET /identity/scim/{orgId}/v2/Groups';
const pageSize = 500;

export const unknownOrigin: GroupOrigin = { source: null, usage: null };

/** Reads SCIM's groups, by UUID. Ends at a page without anything new. */
export async function readGroupOrigins(
  read: Read,
  orgUuid: string,
  progress: ReadProgress,
): Promise<Map<string, GroupOrigin>> {
  const origins = new Map<string, GroupOrigin>();
  const path = `/identity/scim/${orgUuid}/v2/Groups`;
  for (let startIndex = 1; ;) {
    const query = new URLSearchParams({
      sortBy: 'id',
      startIndex: String(startIndex),
      count: String(pageSize),
    });
    const call = { operation, path, isScim: true, query, schema: wireScimGroups };
    const { body } = await read(call, progress);
    const resources = body.Resources ?? [];
    const before = origins.size;
    for (const wire of resources) origins.set(uuidOf(wire.id) ?? wire.id, originOf(wire));
    progress.report(0);
    startIndex += resources.length;
    if (origins.size === before || startIndex > (body.totalResults ?? Infinity)) return origins;
  }
}

/** Adds what SCIM shows to groups; leaves them unchanged if SCIM shows nothing or can't be read. */
export async function withOrigins(
  groups: readonly WebexGroup[],
  readOrigins: (orgUuid: string) => Promise<Map<string, GroupOrigin> | null>,
): Promise<WebexGroup[]> {
  const orgUuid = groups.map(({ groupId }) => orgUuidOf(groupId)).find(Boolean);
  const origins = orgUuid === undefined ? null : await readOrigins(orgUuid);
  return groups.map((group) => {
    const origin = origins?.get(uuidOf(group.groupId) ?? group.groupId) ?? unknownOrigin;
    const isLocation = group.isLocation || origin.usage?.toLowerCase() === 'location';
    return { ...group, ...origin, isLocation };
  });
}

function originOf(wire: WireScimGroup): GroupOrigin {
  const extension = wire['urn:scim:schemas:extension:cisco:webexidentity:2.0:Group'];
  return { source: extension?.provisionSource ?? null, usage: extension?.usage ?? null };
}
