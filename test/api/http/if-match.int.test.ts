import { groupIdOf, licenseIdOf, orgId, seedDirectory, site } from '../../support/api/seed';
import { column, startTestApi, type TestApi } from '../../support/api/test-api';
import { directoryLicense } from '../../../src/db/schema';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedDirectory(api.database.db);
  await api.database.db.insert(directoryLicense).values({
    ...{ orgId, licenseId: licenseIdOf('CJPPRM'), offer: 'CJPPRM', name: 'Premium' },
    ...{ totalUnits: 5, readAt: new Date() },
  });
});
afterAll(() => api.stop());

const sales = `templates/groups/${groupIdOf(1)}`;
const grants = (...offers: string[]) => ({ entitlements: offers.map((offer) => ({ offer })) });
const withTag = (tag: string) => ({ 'If-Match': tag });

describe('If-Match', () => {
  it('lets only the first of two administrators who read the same template save it', async () => {
    const created = await api.call('put', sales, { body: grants('FMS') });
    const read = await api.call('get', sales, { as: 'viewer' });
    const tag = read.get('ETag')!;
    expect([created.get('ETag'), created.body.template.etag]).toEqual([tag, tag]);
    expect(column((await api.call('get', 'templates')).body.items, 'etag')).toEqual([tag]);

    const first = await api.call('put', sales, {
      body: grants('FMS', 'MS'),
      headers: withTag(tag),
    });
    expect(first.status).toBe(200);
    const second = await api.call('put', sales, { body: grants('FTC'), headers: withTag(tag) });
    expect([second.status, second.body.code]).toEqual([412, 'precondition-failed']);
    expect([second.get('ETag'), second.body.etag]).toEqual([first.get('ETag'), first.get('ETag')]);
    expect((await api.call('get', sales)).body.inForce.revision).toBe(2);

    for (const path of [`${sales}?confirm=true`, `${sales}?confirm=true&preserve=false`]) {
      const stale = await api.call('delete', path, { headers: withTag(tag) });
      expect([stale.status, stale.body.code]).toEqual([412, 'precondition-failed']);
    }
    const deleted = await api.call('delete', `${sales}?confirm=true`, {
      headers: withTag(`W/${first.get('ETag')}`),
    });
    expect(deleted.status).toBe(204);
    const gone = await api.call('put', sales, { body: grants('FMS'), headers: withTag('*') });
    expect([gone.status, gone.body.etag]).toEqual([412, null]);
  });

  it('knows a draft from the revision in force', async () => {
    const inForce = await api.call('put', sales, { body: grants('FMS') });
    const draft = await api.call('put', sales, {
      body: { ...grants('FMS', 'FTC'), draft: true },
      headers: withTag(inForce.get('ETag')!),
    });
    expect(draft.get('ETag')).not.toBe(inForce.get('ETag'));
    const stale = await api.call('delete', `${sales}/draft`, {
      headers: withTag(inForce.get('ETag')!),
    });
    expect(stale.status).toBe(412);
    const dropped = await api.call('delete', `${sales}/draft`, {
      headers: withTag(`"other", ${draft.get('ETag')}`),
    });
    expect(dropped.status).toBe(204);
    await api.call('delete', `${sales}?confirm=true`);
  });

  it('is compared with the version of the settings', async () => {
    const tag = (await api.call('get', 'settings')).get('ETag')!;
    const saved = await api.call('patch', 'settings', {
      body: { includeParentGroups: true },
      headers: withTag(tag),
    });
    expect(saved.status).toBe(200);
    for (const method of ['patch', 'put'] as const) {
      const stale = await api.call(method, 'settings', { body: {}, headers: withTag(tag) });
      expect([stale.status, stale.body.code]).toEqual([412, 'precondition-failed']);
    }
    const again = await api.call('put', 'settings', {
      body: {},
      headers: withTag(saved.get('ETag')!),
    });
    expect(again.status).toBe(200);
  });

  it.each(['settings-1', '"', '"a" "b"', ''])(
    'is refused where it is malformed: %j',
    async (tag) => {
      const refused = await api.call('patch', 'settings', { body: {}, headers: withTag(tag) });
      expect([refused.status, refused.body.code]).toEqual([400, 'invalid-parameter']);
    },
  );
});

describe('settings that name what the organization does not have', () => {
  it('are saved, and the answer warns', async () => {
    const saved = await api.call('patch', 'settings', {
      body: {
        attendeeSites: [site, 'other.webex.com'],
        siteAdministrators: [{ site, users: ['ada@acme.example', 'nobody@acme.example'] }],
        subscriptions: [{ id: 'Sub-1', startsOn: '2024-01-01' }],
      },
    });
    expect(saved.status).toBe(200);
    expect(saved.body.warnings).toEqual([
      {
        code: 'unknown-site',
        rule: 'R38',
        text: "attendeeSites names 1 site that the organization doesn't have, as last read: other.webex.com",
      },
      {
        code: 'unknown-user',
        rule: 'R39',
        text: "siteAdministrators names 1 user that the organization doesn't have, as last read: nobody@acme.example",
      },
    ]);
    expect((await api.call('get', 'settings')).body.warnings).toHaveLength(2);
    expect((await api.call('put', 'settings', { body: {} })).body.warnings).toEqual([]);
  });
});
