import { eq } from 'drizzle-orm';
import { recordAudit } from '../../../src/db/admin/audit';
import { directoryGroup, ledger } from '../../../src/db/schema';
import { column, startTestApi, type TestApi } from '../../support/api/test-api';
import {
  groupIdOf,
  licenseIdOf,
  orgId,
  orgUuid,
  personIdOf,
  seedDirectory,
  seedRollout,
} from '../../support/api/seed';
import { writableUser } from '../../support/writable-mirror';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedDirectory(api.database.db);
});
afterAll(() => api.stop());

const asOf = '2026-01-02T03:04:05.000Z';

describe('what comes from the mirror', () => {
  it('lists organizations, and one by either form of its id', async () => {
    const list = await api.call('get', '/v1/organizations', { as: 'viewer' });
    expect(list.body.items).toMatchObject([{ orgId, displayName: 'Acme', observedAt: asOf }]);
    const one = await api.call('get', `/v1/organizations/${orgUuid}`);
    expect(one.body).toMatchObject({
      orgId,
      credentialReport: { tokenOwner: 'admin@acme.example' },
      pace: { writesPerSecond: 5, source: 'default', notBefore: null },
    });
  });

  it('pages through groups and says which are of locations (R13)', async () => {
    const first = await api.call('get', 'groups?limit=3');
    expect(first.body.items).toHaveLength(3);
    const rest = await api.call('get', `groups?limit=3&cursor=${String(first.body.next)}`);
    expect(rest.body).toMatchObject({ next: null, asOf });
    expect(
      [...column(first.body.items, 'isLocation'), ...column(rest.body.items, 'isLocation')].filter(
        Boolean,
      ),
    ).toHaveLength(1);
    const found = await api.call('get', 'groups?q=TWIN');
    expect(column(found.body.items, 'groupId')).toEqual([groupIdOf(2), groupIdOf(3)]);
  });

  it('R13 knows groups by names that begin with an umlaut, whatever the collation', async () => {
    const { db } = api.database;
    const groupId = 'a group with an umlaut';
    await db
      .insert(directoryGroup)
      .values({ orgId, groupId, displayName: '\u00c4rzte', isLocation: false, readAt: new Date() });
    const asked = await api.call('get', `templates/groups/${encodeURIComponent('\u00c4RZTE')}`);
    await db.delete(directoryGroup).where(eq(directoryGroup.groupId, groupId));
    expect(asked.body.detail).toBe('There is no template for this group.');
  });

  it('finds users by part of a name or address, without wildcards', async () => {
    const found = await api.call('get', 'users?q=ADA%40');
    expect(column(found.body.items, 'email')).toEqual(['ada@acme.example']);
    expect((await api.call('get', 'users?q=%25')).body.items).toEqual([]);
    const page = await api.call('get', 'users?limit=1');
    const rest = await api.call('get', `users?limit=1&cursor=${String(page.body.next)}`);
    expect(column(rest.body.items, 'email')).toEqual(['bob@acme.example']);
  });
});

describe('one user', () => {
  it('shows what they hold, what they should and why, and what was done to them', async () => {
    await api.call('put', `templates/groups/${groupIdOf(1)}`, {
      body: { entitlements: [{ offer: 'MS' }] },
    });
    const rolloutId = await seedRollout(api.database.db, { phase: 'completed' });
    const change = {
      operation: 'add' as const,
      target: { kind: 'license' as const, licenseId: licenseIdOf('MS'), offer: 'MS', site: null },
      reason: { code: 'granted' as const, text: 'x', rule: 'R7', templates: [] },
      replacement: false,
    };
    await api.database.db.insert(ledger).values({
      orgId,
      personId: personIdOf(1),
      rolloutId,
      seq: 1,
      operation: 'add',
      target: licenseIdOf('MS'),
      change,
      actor: 'olga',
    });

    for (const id of [personIdOf(1), '0b000000-0000-4000-8000-000000000001', 'ADA@acme.example']) {
      const { body } = await api.call('get', `users/${id}`);
      expect(body).toMatchObject({
        email: 'ada@acme.example',
        holdsSource: 'read',
        groups: [{ displayName: 'Sales' }],
        ledger: [{ operation: 'add', actor: 'olga' }],
      });
      const should = body.shouldHold as { offer: string; held: boolean; templates: object[] }[];
      expect(should.find(({ offer }) => offer === 'FMS')).toMatchObject({ held: true });
      expect(should.find(({ offer }) => offer === 'MS')).toMatchObject({
        held: false,
        templates: [{ name: 'Sales', revision: 1 }],
      });
    }
  });

  it('R80a believes the answer to our last write over an older read', async () => {
    await api.database.db.insert(writableUser).values({
      orgId,
      personId: personIdOf(9),
      email: 'eve@acme.example',
      displayName: 'Eve',
      kind: 'person',
      licenses: [],
      readAt: new Date(),
      answered: { licenses: [licenseIdOf('MS')], attendeeSites: [] },
      answeredAt: new Date(),
    });
    const { body } = await api.call('get', 'users/eve@acme.example');
    expect(body).toMatchObject({ holdsSource: 'answer', holds: { licenses: [licenseIdOf('MS')] } });
  });
});

describe('observe', () => {
  it('starts a check of the directory', async () => {
    const asked = await api.call('post', 'observe', { as: 'operator' });
    expect(asked.status).toBe(202);
    expect(api.jobs.calls).toContainEqual({ kind: 'observe', orgId });
  });

  it('accepts member drops only from an administrator, and audits it', async () => {
    const body = { acceptMemberDrops: true };
    const refused = await api.call('post', 'observe', { as: 'operator', body });
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    const asked = await api.call('post', 'observe', { as: 'admin', body });
    expect(asked.status).toBe(202);
    const dropsAcceptedBy = expect.objectContaining({ role: 'admin' }) as unknown;
    expect(api.jobs.calls).toContainEqual({ kind: 'observe', orgId, dropsAcceptedBy });
    const audit = await api.call('get', 'audit-events?limit=1');
    expect(audit.body.items).toMatchObject([{ action: 'directory.observed', details: body }]);
  });

  it('says so where Temporal is away', async () => {
    api.jobs.isAway = true;
    const refused = await api.call('post', 'observe');
    expect([refused.status, refused.body.code]).toEqual([503, 'temporal-unavailable']);
    api.jobs.isAway = false;
  });
});

describe('settings', () => {
  it('begin with the defaults, are changed in part, and replaced whole', async () => {
    expect((await api.call('get', 'settings')).body).toMatchObject({
      version: 0,
      compositionMode: 'exclusive',
    });
    const changed = await api.call('patch', 'settings', {
      body: {
        attendeeSites: ['B.webex.com', 'a.webex.com', 'b.webex.com'],
        callingOffers: { standard: 'BCX' },
        verification: { intervalsSeconds: [1, 2], deadlineSeconds: 60 },
      },
    });
    expect(changed.body).toMatchObject({
      version: 1,
      attendeeSites: ['a.webex.com', 'b.webex.com'],
    });
    const subscriptions = [{ id: 'Sub-1', startsOn: '2024-05-01' }];
    const more = await api.call('patch', 'settings', { body: { subscriptions } });
    expect(more.body).toMatchObject({
      version: 2,
      subscriptions,
      callingOffers: { standard: 'BCX' },
    });
    const replaced = await api.call('put', 'settings', { body: {} });
    expect(replaced.body).toMatchObject({ version: 3, subscriptions: [], attendeeSites: [] });
    const events = await api.call('get', 'audit-events?target=settings&limit=1');
    expect(events.body.items).toMatchObject([
      {
        action: 'settings.saved',
        details: {
          changed: { subscriptions: { added: [], removed: subscriptions } },
        },
      },
    ]);
  });

  it('are at most 1 MB together', async () => {
    const users = Array.from({ length: 9_000 }, (_, n) => `${'x'.repeat(120)}${n}@acme.example`);
    const body = { siteAdministrators: [{ site: 'a.webex.com', users }] };
    const refused = await api.call('patch', 'settings', { body });
    expect([refused.status, refused.body.code]).toEqual([422, 'invalid-request']);
    expect(refused.body.detail).toMatch(/1000000/);
  });
});

describe('a page of the audit log', () => {
  it('has fewer events where they are large, and every one of them is found', async () => {
    const details = { text: 'x'.repeat(1_500_000) };
    for (let n = 0; n < 5; n += 1) {
      await recordAudit(api.database.db, {
        ...{ orgId, actor: { name: 'ada', role: 'admin' } },
        ...{ action: 'large.event', target: `large/${n}`, details },
      });
    }
    const found: string[] = [];
    const sizes: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `?cursor=${cursor}`;
      const page = await api.call('get', `audit-events${query}`);
      const items = page.body.items as { target: string }[];
      found.push(...items.map(({ target }) => target));
      sizes.push(page.text.length);
      cursor = page.body.next as string | null;
    }
    expect(found.slice(0, 5)).toEqual(['large/4', 'large/3', 'large/2', 'large/1', 'large/0']);
    expect(new Set(found).size).toBeGreaterThan(5);
    expect(Math.max(...sizes)).toBeLessThan(5_000_000);
  });
});
