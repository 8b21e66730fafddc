import { decodeId, encodeId } from '../organization/ids';
import type { CatalogLicense } from '../organization/catalog';
import { heldAsSeen, unitsOf } from '../organization/units';
import { badRequest, notFound } from '../server/api-error';
import type { Answer, Call, Route } from '../server/route';
import { assignUserLicenses } from './assign-user-licenses';
import { nextLink, numberOf } from './page-link';

const read = ['spark-admin:licenses_read'];

export const licenseRoutes: Route[] = [
  {
    method: 'GET',
    path: '/v1/licenses',
    operation: 'list licenses',
    scopes: read,
    handle: (call) => {
      const { organization } = call.simulator;
      const held = heldAsSeen(organization, call.replica, call.now);
      const items = organization.catalog.licenses
        .filter((license) => license.listed)
        .map((license) => renderLicense(call, license, held));
      return { status: 200, body: { items } };
    },
  },
  {
    method: 'PATCH',
    path: '/v1/licenses/users',
    operation: 'assign licenses',
    scopes: ['spark-admin:people_write'],
    handle: assignUserLicenses,
  },
  {
    method: 'GET',
    path: '/v1/licenses/{licenseId}',
    operation: 'get license',
    scopes: read,
    handle: getLicense,
  },
];

function getLicense(call: Call): Answer {
  const { organization } = call.simulator;
  const license = organization.catalog.find(call.params.licenseId ?? '');
  if (!license?.listed) throw notFound();
  const held = heldAsSeen(organization, call.replica, call.now);
  const body = renderLicense(call, license, held);
  const included = call.query.get('includeAssignedTo');
  if (included === null) return { status: 200, body };
  if (included !== 'user') throw badRequest('includeAssignedTo can only be user.');
  const limit = numberOf(call, 'limit', { min: 1, max: 300, otherwise: 300 });
  const next = call.query.get('next');
  const from = next === null ? 0 : Number(decodeId('LICENSE_USER_PAGING', next));
  if (!Number.isInteger(from)) throw badRequest('next is not a token of this list.');
  const { users, nextRow } = holders(call, license, from, limit);
  return {
    status: 200,
    body: { ...body, users },
    headers:
      nextRow === null
        ? {}
        : nextLink(call, { next: encodeId('LICENSE_USER_PAGING', String(nextRow)) }),
  };
}

function holders(
  call: Call,
  license: CatalogLicense,
  from: number,
  limit: number,
): { users: unknown[]; nextRow: number | null } {
  const { organization } = call.simulator;
  const { people, catalog } = organization;
  const users: unknown[] = [];
  for (let row = from; row < people.size; row += 1) {
    const state = people.seen(row, call.replica, call.now);
    if (!state.exists || !catalog.holding(state.holding).licenses.includes(license.index)) continue;
    if (users.length === limit) return { users, nextRow: row };
    const { displayName, emails, orgId } = people.fieldsOf(row, state);
    users.push({
      id: organization.personId(row),
      type: orgId === undefined || orgId === organization.orgId ? 'INTERNAL' : 'EXTERNAL',
      displayName,
      email: Array.isArray(emails) ? (emails as unknown[])[0] : undefined,
    });
  }
  return { users, nextRow: null };
}

function renderLicense(
  call: Call,
  license: CatalogLicense,
  held: readonly number[],
): Record<string, unknown> {
  const { organization } = call.simulator;
  const { name, ...fields } = license.fields;
  return {
    id: license.id,
    name,
    ...unitsOf(organization, license, held[license.index] ?? 0),
    ...(license.subscriptionId === null ? {} : { subscriptionId: license.subscriptionId }),
    ...fields,
  };
}
