import { isUuid } from '../organization/ids';
import { ApiError } from '../server/api-error';
import type { Call } from '../server/route';
import { numberOf } from './page-link';

/** SCIM accepts only the raw UUID of the organization and refuses its base64 id, as Webex does. */
export function checkOrganization(call: Call): void {
  const asked = call.params.orgId ?? '';
  if (isUuid(asked) && asked.toLowerCase() === call.simulator.organization.orgUuid) return;
  const text = 'Access to this organization is not allowed.';
  throw new ApiError(403, text, [{ errorCode: 200003, description: text }]);
}

export function scimNotFound(what: string): ApiError {
  const text = `${what} not found.`;
  return new ApiError(404, text, [{ errorCode: 200016, description: text }]);
}

/** Sorts by a key and cuts the page `startIndex`, `count`. */
export function scimPage<T>(
  call: Call,
  all: T[],
  key: (item: T) => string | number,
  cap: number,
): { page: T[]; startIndex: number } {
  if (call.query.has('sortBy')) {
    const sign = call.query.get('sortOrder')?.toLowerCase() === 'descending' ? -1 : 1;
    all.sort((a, b) => {
      const [left, right] = [key(a), key(b)];
      return sign * (left < right ? -1 : left > right ? 1 : 0);
    });
  }
  const startIndex = numberOf(call, 'startIndex', { min: 1, max: Infinity, otherwise: 1 });
  const count = numberOf(call, 'count', { min: 0, max: cap, otherwise: 100 });
  return { page: all.slice(startIndex - 1, startIndex - 1 + count), startIndex };
}

export const listSchema = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** The `meta` of a user or group. */
export function renderMeta(
  call: Call,
  type: 'User' | 'Group',
  uuid: string,
  createdAt: string,
  modifiedAt: number,
): Record<string, unknown> {
  const { orgUuid } = call.simulator.organization;
  return {
    resourceType: type,
    organizationID: orgUuid,
    created: createdAt,
    lastModified: new Date(modifiedAt).toISOString(),
    version: `W/"${modifiedAt}"`,
    location: `${call.origin}/identity/scim/${orgUuid}/v2/${type}s/${uuid}`,
  };
}
