import { sql } from 'drizzle-orm';
import { openApiOf } from '../../../src/api/document/openapi';
import { endpoints } from '../../../src/api/endpoints';
import { startTestApi, type TestApi } from '../../support/api/test-api';
import { seedDirectory } from '../../support/api/seed';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedDirectory(api.database.db);
});
afterAll(() => api.stop());
beforeEach(async () => {
  await api.database.db.execute(
    sql`TRUNCATE template, template_revision, org_settings, audit_event`,
  );
});

const off = { preserveOnGroupTransition: false };
const confirm = ['preserveOnGroupTransition'];

describe('settings of the rules', () => {
  it('R10 R14 R26 R39 begin with the safe side', async () => {
    expect((await api.call('get', 'settings')).body).toMatchObject({
      preserveOnGroupTransition: true,
      includeParentGroups: false,
      maxMemberDropPercent: 50,
      siteAdministrators: [],
      watch: { intervalSeconds: 300, floodLimit: 100 },
    });
  });

  it.each(['patch', 'put'] as const)(
    'R29a %s without the confirmation is refused, and nothing of it is saved',
    async (method) => {
      const body = { ...off, includeParentGroups: true };
      const refused = await api.call(method, 'settings', { body });
      expect([refused.status, refused.body.code]).toEqual([409, 'confirmation-required']);
      expect(refused.body.confirmWith).toEqual({ confirm });
      expect((await api.call('get', 'settings')).body).toMatchObject({
        version: 0,
        preserveOnGroupTransition: true,
        includeParentGroups: false,
      });
      expect((await api.call('get', 'audit-events')).body.items).toEqual([]);
    },
  );

  it('R26 R29a is switched off with the confirmation, which is stored nowhere', async () => {
    const switched = await api.call('patch', 'settings', { body: { ...off, confirm } });
    expect(switched.status).toBe(200);
    expect(switched.body).toMatchObject({ version: 1, preserveOnGroupTransition: false });
    expect(switched.body).not.toHaveProperty('confirm');
  });

  it('R29a asks only for the switch itself: what is off stays off, and on needs nothing', async () => {
    await api.call('patch', 'settings', { body: { ...off, confirm } });
    expect((await api.call('patch', 'settings', { body: off })).status).toBe(200);
    const other = await api.call('patch', 'settings', { body: { includeParentGroups: true } });
    expect(other.body).toMatchObject({ preserveOnGroupTransition: false });
    const on = await api.call('put', 'settings', { body: {} });
    expect(on.body).toMatchObject({ preserveOnGroupTransition: true });
    const again = await api.call('patch', 'settings', { body: off });
    expect(again.body.code).toBe('confirmation-required');
  });

  it('R29a does not accept the confirmation of another change', async () => {
    const body = { ...off, confirm: ['compositionMode'] };
    expect((await api.call('patch', 'settings', { body })).status).toBe(422);
    expect((await api.call('patch', 'settings', { body: { ...off, confirm: [] } })).status).toBe(
      409,
    );
  });

  it('R39 keeps addresses of site administrators in lower case, each once', async () => {
    const siteAdministrators = [
      {
        site: 'ACME.webex.com',
        users: ['Zoe@acme.example', 'ada@ACME.example', 'zoe@acme.example'],
      },
    ];
    const saved = await api.call('patch', 'settings', { body: { siteAdministrators } });
    expect(saved.body.siteAdministrators).toEqual([
      { site: 'acme.webex.com', users: ['ada@acme.example', 'zoe@acme.example'] },
    ]);
  });

  it('R14 changes how the directory is watched, part by part', async () => {
    const first = await api.call('patch', 'settings', { body: { watch: { intervalSeconds: 60 } } });
    expect(first.body.watch).toEqual({ intervalSeconds: 60, floodLimit: 100 });
    const second = await api.call('patch', 'settings', { body: { watch: { floodLimit: 7 } } });
    expect(second.body.watch).toEqual({ intervalSeconds: 60, floodLimit: 7 });
  });

  it.each([
    [{ watch: { intervalSeconds: 0 } }, '/watch/intervalSeconds'],
    [{ watch: { intervalSeconds: 86_401 } }, '/watch/intervalSeconds'],
    [{ watch: { floodLimit: 0 } }, '/watch/floodLimit'],
    [{ watch: { enabled: false } }, '/watch/enabled'],
    [{ maxMemberDropPercent: 101 }, '/maxMemberDropPercent'],
    [{ maxMemberDropPercent: -1 }, '/maxMemberDropPercent'],
    [{ includeParentGroups: 'yes' }, '/includeParentGroups'],
    [
      { siteAdministrators: [{ site: 'a.webex.com', users: ['nobody'] }] },
      '/siteAdministrators/0/users/0',
    ],
    [
      {
        siteAdministrators: [
          { site: 'a.webex.com', users: [] },
          { site: 'A.webex.com', users: [] },
        ],
      },
      '/siteAdministrators',
    ],
  ])('R14 R39 refuse %j', async (body, pointer) => {
    const refused = await api.call('patch', 'settings', { body });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([{ pointer }]);
  });

  it('R60 changes calling offers code by code, and removes one by null', async () => {
    const patch = async (callingOffers: object) => {
      const { body } = await api.call('patch', 'settings', { body: { callingOffers } });
      return body as { callingOffers: object };
    };
    expect((await patch({ standard: 'WXCSTD' })).callingOffers).toEqual({ standard: 'WXCSTD' });
    const both = await patch({ customerAssist: 'WXCCA' });
    expect(both.callingOffers).toEqual({ standard: 'WXCSTD', customerAssist: 'WXCCA' });
    expect(await patch({ attendantConsole: 'WXCSTD' })).toMatchObject({
      errors: [{ pointer: '/callingOffers', code: 'invalid-value' }],
    });
    expect((await patch({ standard: null })).callingOffers).toEqual({ customerAssist: 'WXCCA' });
    expect((await patch({ customerAssist: null })).callingOffers).toEqual({});
  });

  it('R14 the document describes every setting, and says that future users are always covered', () => {
    const document = openApiOf(endpoints, '0') as unknown as {
      components: {
        schemas: Record<string, { properties: Record<string, { description?: string }> }>;
      };
    };
    const { properties } = document.components.schemas.SettingsAnswer!;
    expect(properties.watch?.description).toContain(
      "Future users are always covered: the watch can't be turned off",
    );
    const silent = Object.keys(properties).filter((name) => !properties[name]?.description);
    expect(silent).toEqual(['updatedAt']);
  });
});

describe('the codes of offers that Cisco does not publish', () => {
  it.each([
    ['one that is Professional', { standard: 'BCSTD' }, '/callingOffers/standard'],
    ['one of another service', { customerAssist: 'FMS' }, '/callingOffers/customerAssist'],
    ['one for two offers', { standard: 'X', attendantConsole: 'X' }, '/callingOffers'],
  ])('R60 are refused with %s: it would exclude itself', async (_, callingOffers, pointer) => {
    const refused = await api.call('patch', 'settings', { body: { callingOffers } });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([{ pointer, code: 'invalid-value' }]);
  });
});
