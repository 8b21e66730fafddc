import type { Route } from '../server/route';
import { getScimGroup, listScimGroups, listScimMembers } from './scim-groups';
import { getScimUser, listScimUsers } from './scim-users';

const base = '/identity/scim/{orgId}/v2';
const people = ['identity:people_read', 'identity:people_rw'];
const groups = [...people, 'identity:groups_read', 'identity:groups_rw'];

const rows: [path: string, operation: string, scopes: string[], handle: Route['handle']][] = [
  ['Users', 'list SCIM users', people, listScimUsers],
  ['Users/{userId}', 'get SCIM user', people, getScimUser],
  ['Groups', 'list SCIM groups', groups, listScimGroups],
  ['Groups/{groupId}', 'get SCIM group', groups, getScimGroup],
  ['Groups/{groupId}/Members', 'list SCIM members', groups, listScimMembers],
];

/** SCIM 2, read only; it uses raw UUIDs, and its base address is not under `/v1`. */
export const scimRoutes: Route[] = rows.map(([path, operation, scopes, handle]) => ({
  method: 'GET',
  path: `${base}/${path}`,
  operation,
  scopes,
  isScim: true,
  handle,
}));
