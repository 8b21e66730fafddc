import { orgUuidOf, uuidOf } from '../../domain/model/webex-id';
import type { Progress, Read } from '../http/reader';
import type { WebexGroup } from '../port/webex';
import { wireScimGroups, type WireScimGroup } from '../wire/wire';

const operation = 'GET /identity/scim/{orgId}/v2/Groups';
const pageSize = 500;

/** What only SCIM says of a group; null where it doesn't. */
export interface GroupOrigin {
  /** Which system made it: `AD`, `AAD`, `API` …; a directory's groups are read-only here (R12). */
  source: string | null;
  /** What it is for: `policy`, `location` … (R13). */
  usage: string | null;
}

export const unknownOrigin: GroupOrigin = { source: null, usage: null };

/** By the UUID of the group. Ends where a page has nothing new. */
export async function readGroupOrigins(
  read: Read,
  orgUuid: string,
  progress: Progress,
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
    progress.tell(0);
    startIndex += resources.length;
    if (origins.size === before || startIndex > (body.totalResults ?? Infinity)) return origins;
  }
}

/** Groups with what SCIM says of them; as they are where it says nothing or can't be asked. */
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
