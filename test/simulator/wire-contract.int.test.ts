import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { callSimulator, type SimulatorCaller } from '../support/simulator-caller';

interface Schema {
  properties: Record<string, Record<string, unknown>>;
}
interface OpenApi {
  components: { schemas: Record<string, Schema> };
}

/** Cisco's description, with its known faults mended. */
function describedApi(): OpenApi {
  const file = join(__dirname, 'webex-admin.openapi.json');
  const api = JSON.parse(readFileSync(file, 'utf8')) as OpenApi;
  const { schemas } = api.components;
  for (const key of ['invitePending', 'loginEnabled']) {
    schemas.Person!.properties[key] = { type: 'boolean' };
  }
  schemas.PersonCollectionResponse!.properties.notFoundIds!.nullable = true;
  for (const name of ['License', 'LicensewithUsers']) {
    for (const key of ['consumedUnits', 'consumedByUsers', 'consumedByWorkspaces']) {
      schemas[name]!.properties[key]!.nullable = true;
    }
  }
  return api;
}

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ ...describedApi(), $id: 'webex' });

function faultsOf(method: string, path: string, status: number, body: unknown): string[] {
  const pointer = [
    'paths',
    path,
    method,
    'responses',
    String(status),
    'content',
    'application/json',
  ]
    .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
  const validate = ajv.compile({ $ref: `webex#/${pointer}/schema` });
  if (validate(body)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}

it('the description finds faults where there are some', () => {
  const body = { items: [{ id: 1, name: 'x', siteType: 'none' }] };
  expect(faultsOf('get', '/licenses', 200, body)).toHaveLength(2);
});

describe.each([
  ['a generated organization', {}],
  ['a recorded organization', { org: join(__dirname, '../../examples/recorded-org') }],
])('the wire contract of %s', (_name, options) => {
  let webex: SimulatorCaller;
  let orgUuid: string;
  let ids: Record<string, string>;

  beforeAll(async () => {
    webex = await callSimulator(options);
    const organizations = await webex.get('/v1/organizations');
    const orgId = organizations.text('items.0.id');
    orgUuid = Buffer.from(orgId, 'base64url').toString().split('/').at(-1)!;
    const licenses = await webex.get('/v1/licenses');
    const people = await webex.get('/v1/people?max=1');
    const groups = await webex.get('/v1/groups');
    const roles = await webex.get('/v1/roles');
    const personId = people.text('items.0.id');
    const groupId = groups.text('groups.0.id');
    ids = {
      orgId,
      licenseId: licenses.text('items.0.id'),
      personId,
      groupId,
      roleId: roles.text('items.0.id'),
      userUuid: Buffer.from(personId, 'base64url').toString().split('/').at(-1)!,
      groupUuid: /([^/:]+):/.exec(Buffer.from(groupId, 'base64url').toString().slice(14))![1]!,
    };
  });
  afterAll(() => webex.close());

  it.each([
    ['/licenses', '/v1/licenses'],
    ['/licenses/{licenseId}', '/v1/licenses/{licenseId}?includeAssignedTo=user&limit=5'],
    ['/people', '/v1/people?max=1000'],
    ['/people', '/v1/people?max=100&callingData=true'],
    ['/people', '/v1/people?id={personId},nobody'],
    ['/people/{personId}', '/v1/people/{personId}'],
    ['/people/me', '/v1/people/me'],
    ['/groups', '/v1/groups?includeMembers=true'],
    ['/groups/{groupId}', '/v1/groups/{groupId}?includeMembers=true'],
    ['/groups/{groupId}/members', '/v1/groups/{groupId}/members'],
    ['/organizations', '/v1/organizations'],
    ['/organizations/{orgId}', '/v1/organizations/{orgId}'],
    ['/roles', '/v1/roles'],
    ['/roles/{roleId}', '/v1/roles/{roleId}'],
    ['/identity/scim/{orgId}/v2/Users', '/identity/scim/{org}/v2/Users?returnGroups=true'],
    ['/identity/scim/{orgId}/v2/Users/{userId}', '/identity/scim/{org}/v2/Users/{userUuid}'],
    ['/identity/scim/{orgId}/v2/Groups', '/identity/scim/{org}/v2/Groups?includeMembers=true'],
    ['/identity/scim/{orgId}/v2/Groups/{groupId}', '/identity/scim/{org}/v2/Groups/{groupUuid}'],
    [
      '/identity/scim/{orgId}/v2/Groups/{groupId}/Members',
      '/identity/scim/{org}/v2/Groups/{groupUuid}/Members',
    ],
  ])('answers GET %s as described', async (path, address) => {
    const filled = address.replaceAll(/\{(\w+)\}/g, (_match, key: string) => ids[key] ?? orgUuid);
    const reply = await webex.get(filled);
    expect(reply.status).toBe(200);
    expect(faultsOf('get', path, 200, reply.body)).toEqual([]);
  });

  it('answers writes to people, licenses and groups as described', async () => {
    const created = await webex.call('POST', '/v1/people', {
      emails: ['new.person@aspen.example'],
      displayName: 'New Person',
    });
    expect(created.status).toBe(200);
    expect(faultsOf('post', '/people', 200, created.body)).toEqual([]);

    const personId = created.text('id');
    const path = `/v1/people/${personId}`;
    const replaced = await webex.call('PUT', path, {
      ...(created.body as object),
      displayName: 'Newer Person',
    });
    expect(replaced.text('displayName')).toBe('Newer Person');
    expect(faultsOf('put', '/people/{personId}', 200, replaced.body)).toEqual([]);

    const assigned = await webex.patch({
      personId,
      licenses: [{ id: await webex.license('RTT') }],
    });
    expect(assigned.status).toBe(200);
    expect(faultsOf('patch', '/licenses/users', 200, assigned.body)).toEqual([]);

    const refused = await webex.patch({
      personId,
      licenses: [{ id: await webex.license('FSS'), operation: 'remove' }],
    });
    expect(refused.status).toBe(400);
    expect(faultsOf('patch', '/licenses/users', 400, refused.body)).toEqual([]);

    const group = await webex.call('POST', '/v1/groups', {
      displayName: 'New group',
      members: [{ id: personId }],
    });
    expect(group.status).toBe(201);
    expect(faultsOf('post', '/groups', 201, group.body)).toEqual([]);

    const groupPath = `/v1/groups/${group.text('id')}`;
    const changed = await webex.call('PATCH', groupPath, {
      displayName: 'Newer group',
      members: [{ id: personId, operation: 'delete' }],
    });
    expect(changed.body).toMatchObject({ displayName: 'Newer group', memberSize: 0 });
    expect(faultsOf('patch', '/groups/{groupId}', 200, changed.body)).toEqual([]);

    expect((await webex.call('DELETE', groupPath)).status).toBe(204);
    expect((await webex.call('DELETE', path)).status).toBe(204);
    expect((await webex.get(path)).status).toBe(404);
  });

  it('answers the token of a service app as described', async () => {
    const reply = await webex.call('POST', '/v1/applications/app/token', {
      clientId: 'c',
      clientSecret: 's',
      targetOrgId: ids.orgId,
    });
    expect(faultsOf('post', '/applications/{applicationId}/token', 200, reply.body)).toEqual([]);
  });
});
