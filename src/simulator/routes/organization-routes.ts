import { encodeId, valueOfId } from '../organization/ids';
import { notFound } from '../server/api-error';
import type { Call, Route } from '../server/route';
import { nextLink, numberOf } from './page-link';

const roles = [
  ['id_full_admin', 'Full Administrator'],
  ['id_readonly_admin', 'Read-only Administrator'],
  ['id_user_admin', 'User Administrator'],
  ['id_device_admin', 'Device Administrator'],
  ['id_group_admin', 'Group Administrator'],
].map(([value = '', name = '']) => ({ id: encodeId('ROLE', value), name }));

export const organizationRoutes: Route[] = [
  {
    method: 'GET',
    path: '/v1/organizations',
    operation: 'list organizations',
    scopes: ['spark-admin:organizations_read', 'spark-admin:people_read'],
    handle: (call) => ({ status: 200, body: { items: [renderOrganization(call)] } }),
  },
  {
    method: 'GET',
    path: '/v1/organizations/{orgId}',
    operation: 'get organization',
    scopes: ['spark-admin:organizations_read', 'spark-admin:people_read'],
    handle: (call) => {
      const asked = valueOfId('ORGANIZATION', call.params.orgId ?? '');
      if (asked !== call.simulator.organization.orgUuid) throw notFound();
      return { status: 200, body: renderOrganization(call) };
    },
  },
  {
    method: 'GET',
    path: '/v1/roles',
    operation: 'list roles',
    scopes: ['spark-admin:roles_read'],
    handle: () => ({ status: 200, body: { items: roles } }),
  },
  {
    method: 'GET',
    path: '/v1/roles/{roleId}',
    operation: 'get role',
    scopes: ['spark-admin:roles_read'],
    handle: (call) => {
      const role = roles.find((one) => one.id === call.params.roleId);
      if (!role) throw notFound();
      return { status: 200, body: role };
    },
  },
  {
    method: 'GET',
    path: '/v1/locations',
    operation: 'list locations',
    scopes: ['spark-admin:locations_read', 'spark-admin:telephony_config_read'],
    handle: (call) => {
      const name = call.query.get('name')?.toLowerCase();
      const all = call.simulator.organization.locations
        .map((one) => one.body)
        .filter((one) => name === undefined || String(one.name).toLowerCase() === name);
      const start = numberOf(call, 'start', { min: 0, max: Infinity, otherwise: 0 });
      const max = numberOf(call, 'max', { min: 1, max: 1000, otherwise: 100 });
      const more = start + max < all.length;
      const headers = more ? nextLink(call, { start: String(start + max), max: String(max) }) : {};
      return { status: 200, body: { items: all.slice(start, start + max) }, headers };
    },
  },
  {
    method: 'GET',
    path: '/v1/locations/{locationId}',
    operation: 'get location',
    scopes: ['spark-admin:locations_read', 'spark-admin:telephony_config_read'],
    handle: (call) => {
      const location = call.simulator.organization.location(call.params.locationId ?? '');
      if (!location) throw notFound();
      return { status: 200, body: location.body };
    },
  },
];

function renderOrganization(call: Call): unknown {
  const { orgId, displayName, createdAt } = call.simulator.organization;
  return { id: orgId, displayName, created: new Date(createdAt).toISOString() };
}
