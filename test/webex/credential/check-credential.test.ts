import {
  asOrganization,
  aScriptedWebex,
  idOf,
  licenseId,
  orgId,
  orgUuid,
  uuidNumber,
  type Asked,
  type Told,
} from '../../support/scripted-webex';

const everything = (asked: Asked): Told =>
  asOrganization(asked) ?? {
    body: {
      items: asked.path === '/v1/licenses' ? [{ id: licenseId('FMS'), name: 'x' }] : [],
      groups: [],
    },
  };
const without =
  (...paths: string[]) =>
  (asked: Asked): Told =>
    paths.includes(asked.path) ? { status: 403, body: { message: 'scope' } } : everything(asked);

describe('checkCredential', () => {
  it('says whose token this is, which organization, and which scopes work', async () => {
    const owner = {
      id: idOf(`ciscospark://us/PEOPLE/${uuidNumber(1)}`),
      emails: ['a@acme.example'],
      orgId,
    };
    const { webex } = aScriptedWebex((asked) =>
      asked.path === '/v1/people/me' ? { body: owner } : everything(asked),
    );
    expect(await webex.checkCredential()).toEqual({
      orgId,
      organizationName: 'Acme',
      tokenOwner: 'a@acme.example',
      scopes: {
        present: [
          'spark-admin:licenses_read',
          'spark-admin:people_read',
          'identity:groups_read',
          'spark-admin:locations_read',
        ],
        missing: [],
        unknown: ['spark-admin:people_write'],
      },
      accessExpiresAt: null,
      refreshExpiresAt: null,
      readOnly: false,
    });
  });

  it('never writes, and needs no right to write in read-only mode', async () => {
    const { webex, asked } = aScriptedWebex(everything, { readOnly: true });
    expect(await webex.checkCredential()).toMatchObject({
      readOnly: true,
      scopes: { unknown: [] },
    });
    expect(asked.every(({ method }) => method === 'GET')).toBe(true);
  });

  it.each([
    ['/v1/licenses', 'spark-admin:licenses_read'],
    ['/v1/people', 'spark-admin:people_read'],
    ['/v1/groups', 'identity:groups_read'],
    ['/v1/locations', 'spark-admin:locations_read'],
  ])('names the scope that is missing where %s is forbidden', async (path, scope) => {
    const { webex } = aScriptedWebex(without(path));
    const { scopes } = await webex.checkCredential();
    expect(scopes.missing).toEqual([scope]);
  });

  it('finds the organization of a service app, which has no people/me', async () => {
    const { webex } = aScriptedWebex(without('/v1/people/me'));
    expect(await webex.checkCredential()).toMatchObject({
      orgId,
      organizationName: 'Acme',
      tokenOwner: null,
    });
  });

  it('finds the organization by its licenses where nothing else is permitted', async () => {
    const { webex } = aScriptedWebex(without('/v1/people/me', '/v1/organizations'));
    expect(await webex.checkCredential()).toMatchObject({ orgId, organizationName: orgUuid });
  });

  it('does not guess among the organizations of a partner', async () => {
    const other = idOf(`ciscospark://us/ORGANIZATION/${uuidNumber(7)}`);
    const { webex } = aScriptedWebex((asked) =>
      asked.path === '/v1/organizations'
        ? {
            body: {
              items: [
                { id: other, displayName: 'Other' },
                { id: orgId, displayName: 'Acme' },
              ],
            },
          }
        : without('/v1/people/me')(asked),
    );
    expect(await webex.checkCredential()).toMatchObject({ orgId, organizationName: 'Acme' });
  });

  it.each([401, 403])('is forbidden where everything answers %i', async (status) => {
    const { webex } = aScriptedWebex(() => ({ status }));
    await expect(webex.checkCredential()).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
