import { sql } from 'drizzle-orm';
import { provenance, template } from '../../../src/db/schema';
import { column, startTestApi, type TestApi } from '../../support/api/test-api';
import {
  groupIdOf,
  licenseIdOf,
  orgId,
  personIdOf,
  seedDirectory,
  seedRollout,
} from '../../support/api/seed';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedDirectory(api.database.db);
});
afterAll(() => api.stop());
beforeEach(async () => {
  api.jobs.reset();
  await api.database.db.execute(
    sql`TRUNCATE template, template_revision, org_settings, rollout, rollout_row, audit_event, provenance`,
  );
});

const sales = `templates/groups/${groupIdOf(1)}`;
const messaging = { entitlements: [{ offer: 'MS' }] };
const confirmed = { ...messaging, switchSide: { confirm: true } };

async function save(path: string): Promise<string> {
  const saved = await api.call('put', path, { body: messaging });
  return saved.body.template.templateId as string;
}

describe('switching sides in exclusive mode', () => {
  it('R2 the refusal lists the templates to be deleted and the field that switches', async () => {
    await save(sales);
    await save(`templates/groups/${groupIdOf(2)}`);
    const refused = await api.call('put', 'templates/organization', { body: messaging });

    expect([refused.status, refused.body.code]).toEqual([409, 'composition-conflict']);
    expect(refused.body.templates).toHaveLength(2);
    expect(refused.body.switchWith).toEqual({ switchSide: { confirm: true } });
    expect((await api.call('get', 'templates')).body.items).toHaveLength(2);
  });

  it('R2 R3 deletes the side that is left and saves the other in one step, and plans nothing', async () => {
    const left = [await save(sales), await save(`templates/groups/${groupIdOf(2)}`)];
    const switched = await api.call('put', 'templates/organization', { body: confirmed });

    expect(switched.status).toBe(201);
    expect(column(switched.body.deleted, 'templateId').sort()).toEqual(left.sort());
    const { body: list } = await api.call('get', 'templates');
    expect(list.items).toMatchObject([
      { scope: { kind: 'organization' }, inForce: { revision: 1 } },
    ]);
    const events = await api.call('get', 'audit-events');
    expect(column(events.body.items, 'action').slice(0, 3)).toEqual([
      'template.saved',
      'template.deleted',
      'template.deleted',
    ]);
    expect(api.jobs.calls.filter(({ kind }) => kind !== 'look' && kind !== 'read-members')).toEqual(
      [],
    );
    expect((await api.call('get', 'rollouts')).body.items).toEqual([]);
  });

  it('R2 switches from the organization to groups, and asking again changes nothing more', async () => {
    await save('templates/organization');
    expect((await api.call('put', sales, { body: confirmed })).body.deleted).toHaveLength(1);
    const again = await api.call('put', sales, { body: confirmed });
    expect([again.status, again.body.deleted]).toEqual([200, []]);
  });

  it('R31a what the template left behind had given passes to the one that grants it', async () => {
    const templateId = await save(sales);
    const row = { orgId, personId: personIdOf(1), kind: 'template' as const, templateId };
    const rolloutId = '0e000000-0000-4000-8000-000000000001';
    await api.database.db.insert(provenance).values([
      { ...row, target: licenseIdOf('MS'), revision: 1, rolloutId },
      { ...row, target: licenseIdOf('FTC'), revision: 1, rolloutId },
    ]);
    const switched = await api.call('put', 'templates/organization', { body: confirmed });

    const owners = await api.database.db.select().from(provenance).orderBy(provenance.target);
    expect(new Map(owners.map((one) => [one.target, one.templateId]))).toEqual(
      new Map([
        [licenseIdOf('MS'), switched.body.template.templateId],
        [licenseIdOf('FTC'), templateId],
      ]),
    );
  });

  it('R2 is refused, with the addresses, while a rollout or a draft needs what would be left', async () => {
    const templateId = await save(sales);
    const rolloutId = await seedRollout(api.database.db, { templateId, templateRevision: 1 });
    const twins = `templates/groups/${groupIdOf(2)}`;
    await api.call('put', twins, { body: { ...messaging, draft: true } });
    const refused = await api.call('put', 'templates/organization', { body: confirmed });

    expect([refused.status, refused.body.code]).toEqual([409, 'template-in-use']);
    expect((refused.body.conflicts as string[]).sort()).toEqual(
      [
        `/v1/organizations/${orgId}/rollouts/${rolloutId}`,
        `/v1/organizations/${orgId}/${twins}/draft`,
      ].sort(),
    );
    expect((await api.call('get', 'templates')).body.items).toHaveLength(2);
  });

  it('R2 deletes nothing where the new template cannot be right', async () => {
    await save(sales);
    const wrong = { entitlements: [{ offer: 'NOPE' }], switchSide: { confirm: true } };
    expect((await api.call('put', 'templates/organization', { body: wrong })).status).toBe(422);
    expect((await api.call('get', sales)).status).toBe(200);
  });

  it.each([
    ['a draft', { ...confirmed, draft: true }, '/switchSide'],
    ['missing its confirmation', { ...messaging, switchSide: {} }, '/switchSide/confirm'],
    ['not confirmed', { ...messaging, switchSide: { confirm: false } }, '/switchSide/confirm'],
  ])('R2 refuses to switch sides with a save that is %s', async (_, body, pointer) => {
    await save(sales);
    const refused = await api.call('put', 'templates/organization', { body });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([{ pointer }]);
    expect((await api.call('get', sales)).status).toBe(200);
  });

  it.each(['union', 'group-overrides-organization'])(
    'R2 leaves nothing in mode %s',
    async (mode) => {
      await save(sales);
      await api.call('patch', 'settings', { body: { compositionMode: mode } });
      const refused = await api.call('put', 'templates/organization', { body: confirmed });
      expect(refused.body.errors).toMatchObject([
        { pointer: '/switchSide', code: 'not-exclusive' },
      ]);
      const both = await api.call('put', 'templates/organization', { body: messaging });
      expect([both.status, both.body.deleted]).toEqual([201, []]);
      expect((await api.call('get', 'templates')).body.items).toHaveLength(2);
    },
  );

  it('R2 two switches at once end with one side', async () => {
    await save(sales);
    const both = await Promise.all([
      api.call('put', 'templates/organization', { body: confirmed }),
      api.call('put', `templates/groups/${groupIdOf(2)}`, { body: confirmed }),
    ]);
    expect(both.every(({ status }) => status < 300)).toBe(true);
    const living = await api.database.db.select().from(template);
    const scopes = living.filter(({ deletedAt }) => !deletedAt).map(({ scope }) => scope);
    expect(new Set(scopes).size).toBe(1);
  });

  it('R6 R31a another mode passes on what a template gave and no longer grants there', async () => {
    await api.call('patch', 'settings', { body: { compositionMode: 'union' } });
    const organization = await save('templates/organization');
    const group = await save(sales);
    await api.database.db.insert(provenance).values({
      orgId,
      personId: personIdOf(1),
      target: licenseIdOf('MS'),
      kind: 'template',
      templateId: organization,
      revision: 1,
      rolloutId: '0e000000-0000-4000-8000-000000000001',
    });
    const compositionMode = 'group-overrides-organization';
    await api.call('patch', 'settings', { body: { compositionMode } });
    const [owner] = await api.database.db.select().from(provenance);
    expect(owner).toMatchObject({ templateId: group });
    expect(api.jobs.calls.filter(({ kind }) => kind !== 'look' && kind !== 'read-members')).toEqual(
      [],
    );
  });

  it('R2 R3 another mode deletes nothing', async () => {
    await save(sales);
    for (const compositionMode of ['union', 'group-overrides-organization', 'exclusive']) {
      expect((await api.call('patch', 'settings', { body: { compositionMode } })).status).toBe(200);
      expect((await api.call('get', 'templates')).body.items).toHaveLength(1);
    }
    expect(api.jobs.calls.filter(({ kind }) => kind !== 'look' && kind !== 'read-members')).toEqual(
      [],
    );
  });
});
