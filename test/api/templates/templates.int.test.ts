import { eq, sql } from 'drizzle-orm';
import { directoryGroup, template } from '../../../src/db/schema';
import type { PlanWarning } from '../../../src/domain/model/warning';
import { column, startTestApi, type TestApi } from '../../support/api/test-api';
import {
  groupIdOf,
  orgUuid,
  personIdOf,
  seedDirectory,
  seedRollout,
  site,
} from '../../support/api/seed';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedDirectory(api.database.db);
});
afterAll(() => api.stop());
beforeEach(async () => {
  await api.database.db.execute(
    sql`TRUNCATE template, template_revision, org_settings, rollout, rollout_row, audit_event`,
  );
});

const sales = `templates/groups/${groupIdOf(1)}`;
const messaging = { entitlements: [{ offer: 'MS' }] };

const changeSales = (change: Partial<typeof directoryGroup.$inferInsert>) =>
  api.database.db
    .update(directoryGroup)
    .set(change)
    .where(eq(directoryGroup.groupId, groupIdOf(1)));

describe('saving a template', () => {
  it('R23 makes a revision that governs at once and changes no user', async () => {
    const saved = await api.call('put', sales, { body: messaging });

    expect(saved.status).toBe(201);
    expect(saved.body.template).toMatchObject({
      name: 'Sales',
      scope: { kind: 'group', groupId: groupIdOf(1) },
      inForce: { revision: 1 },
      draft: null,
    });
    expect(saved.body.asOf).toBe('2026-01-02T03:04:05.000Z');
    expect(api.jobs.calls).toEqual([
      { kind: 'read-members', groupId: groupIdOf(1) },
      { kind: 'look', orgUuid },
    ]);
  });

  describe('R91 and the members of the group', () => {
    const members = async () => {
      const { rows } = await api.database.db.execute(
        sql`SELECT person_id AS id FROM watch_member ORDER BY person_id`,
      );
      return column(rows, 'id');
    };
    const readNow = async () => {
      await changeSales({ membersReadAt: new Date() });
      return true;
    };
    const codes = (warnings: PlanWarning[]) => column(warnings, 'code');

    beforeEach(() => api.jobs.reset());
    afterEach(() => changeSales({ membersReadAt: new Date('2026-01-02T03:04:05Z') }));

    it('are read before the first template, which governs from that read', async () => {
      api.jobs.onReadMembers = readNow;
      const { status, body } = await api.call('put', sales, { body: messaging });
      expect(status).toBe(201);
      expect(body.governsFrom).toEqual(expect.any(String));
      expect(codes(body.warnings as PlanWarning[])).not.toContain('members-not-read');
      expect(await members()).toEqual([personIdOf(1), personIdOf(2)].sort());

      const second = await api.call('put', sales, { body: { entitlements: [] } });
      expect(second.body.governsFrom).toBeNull();
      expect(api.jobs.calls.filter(({ kind }) => kind === 'read-members')).toHaveLength(1);
    });

    it('are read before the save even if that was done just now, but not for a draft', async () => {
      const draft = await api.call('put', sales, { body: { ...messaging, draft: true } });
      expect(draft.body.governsFrom).toBeNull();
      expect(api.jobs.calls.filter(({ kind }) => kind === 'read-members')).toEqual([]);
      await api.call('delete', `${sales}/draft`);
      await readNow();
      const { body } = await api.call('put', sales, { body: messaging });
      expect(body.governsFrom).toEqual(expect.any(String));
      expect(api.jobs.calls.filter(({ kind }) => kind === 'read-members')).toHaveLength(1);
    });

    it.each(['Temporal is away', 'the list lacks a part'])(
      'leave the template to the next check if %s, and the answer says so',
      async (why) => {
        api.jobs.isAway = why === 'Temporal is away';
        const { status, body } = await api.call('put', sales, { body: messaging });
        expect(status).toBe(201);
        expect(body.governsFrom).toBeNull();
        expect(codes(body.warnings as PlanWarning[])).toContain('members-not-read');
        expect(await members()).toEqual([]);
      },
    );
  });

  it('keeps every revision', async () => {
    await api.call('put', sales, { body: messaging });
    const second = await api.call('put', sales, { body: { name: 'Sellers', entitlements: [] } });

    expect(second.status).toBe(200);
    expect(second.body.template.name).toBe('Sellers');
    const revisions = await api.call('get', `${sales}/revisions`);
    expect(column(revisions.body.items, 'revision')).toEqual([2, 1]);
  });

  it('R1 keeps one template per group when two are saved at once', async () => {
    const both = await Promise.all([
      api.call('put', sales, { body: messaging }),
      api.call('put', sales, { body: messaging }),
    ]);

    expect(both.map(({ status }) => status).sort()).toEqual([200, 201]);
    const list = await api.call('get', 'templates');
    expect(list.body.items).toHaveLength(1);
  });

  it('R2 refuses the other kind in exclusive mode and names the way out', async () => {
    await api.call('put', sales, { body: messaging });
    const refused = await api.call('put', 'templates/organization', { body: messaging });

    expect(refused.status).toBe(409);
    expect(refused.body.code).toBe('composition-conflict');
    expect(refused.body.templates).toHaveLength(1);

    await api.call('put', 'settings', { body: { compositionMode: 'union' } });
    const allowed = await api.call('put', 'templates/organization', { body: messaging });
    expect(allowed.status).toBe(201);
    const back = await api.call('patch', 'settings', { body: { compositionMode: 'exclusive' } });
    expect(back.body.code).toBe('composition-conflict');
  });

  it('R13 refuses the group of a location', async () => {
    const refused = await api.call('put', `templates/groups/${groupIdOf(4)}`, { body: messaging });
    expect(refused.body.code).toBe('group-not-usable');
  });

  it('R12 refuses a distribution group, and warns where it cannot be told', async () => {
    const save = async (source: string | null, usage: string | null) => {
      await changeSales({ source, usage });
      return api.call('put', sales, { body: messaging });
    };
    const warned = ({ body }: { body: { warnings: PlanWarning[] } }) =>
      body.warnings.filter(({ rule }) => rule === 'R12').map(({ text }) => text);

    const refused = await save('AD', 'distribution');
    expect([refused.status, refused.body.code]).toEqual([409, 'group-not-usable']);
    expect(warned(await save('AD', 'policy'))).toEqual([expect.stringContaining('(AD)')]);
    expect(warned(await save(null, null))).toEqual([expect.stringContaining("can't be read")]);
    expect(warned(await save('CONTROL_HUB', 'user'))).toEqual([]);
  });

  it('R33 shows the template of a deleted group, and accepts no new revision of it', async () => {
    await api.call('put', sales, { body: messaging });
    await changeSales({ goneAt: new Date(), deletedAt: new Date() });

    expect((await api.call('get', sales)).status).toBe(200);
    expect((await api.call('put', sales, { body: messaging })).status).toBe(404);
    await changeSales({ goneAt: null, deletedAt: null });
  });

  it('R89 accepts one of a group that a list did not show: it still counts', async () => {
    await changeSales({ goneAt: new Date() });
    expect((await api.call('put', sales, { body: messaging })).status).toBe(201);
    await changeSales({ goneAt: null });
  });

  it('R13 accepts the name of a group, and lists the candidates of an ambiguous name', async () => {
    const byName = await api.call('put', 'templates/groups/sales', { body: messaging });
    expect(byName.body.template.scope.groupId).toBe(groupIdOf(1));

    const twins = await api.call('put', 'templates/groups/Twins', { body: messaging });
    expect(twins.status).toBe(409);
    expect(column(twins.body.candidates, 'groupId')).toEqual([groupIdOf(2), groupIdOf(3)]);
  });

  it('also accepts ids as raw UUIDs', async () => {
    const uuid = '0c000000-0000-4000-8000-000000000001';
    const path = `/v1/organizations/${orgUuid}/templates/groups/${uuid}`;
    const saved = await api.call('put', path, { body: messaging });
    expect(saved.body.template.scope.groupId).toBe(groupIdOf(1));
  });

  it('R13a warns how many users hold a free offer that is left out', async () => {
    const saved = await api.call('put', sales, { body: messaging });
    const warning = (saved.body.warnings as PlanWarning[]).find(({ rule }) => rule === 'R13a');
    expect(warning?.text).toMatch(/^2 users .* Call on Webex/);
  });

  it('R16a refuses a second save while a draft is pending, with its address', async () => {
    const draft = await api.call('put', sales, { body: { ...messaging, draft: true } });
    expect(draft.body.template).toMatchObject({ inForce: null, draft: { revision: 1 } });

    const second = await api.call('put', sales, { body: messaging });
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({
      code: 'draft-pending',
      conflictsWith: expect.stringMatching(/\/draft$/),
    });
  });

  it('R16a names the rollout that tries the draft', async () => {
    await api.call('put', sales, { body: { ...messaging, draft: true } });
    const draftRolloutId = await seedRollout(api.database.db);
    await api.database.db.update(template).set({ draftRolloutId });

    const second = await api.call('put', sales, { body: messaging });
    expect(second.get('Location')).toMatch(new RegExp(`/rollouts/${draftRolloutId}$`));
    const dropped = await api.call('delete', `${sales}/draft`);
    expect(dropped.body.code).toBe('draft-pending');
  });

  it('drops a draft without a rollout, and keeps what is in force', async () => {
    await api.call('put', sales, { body: messaging });
    await api.call('put', sales, { body: { entitlements: [], draft: true } });
    expect((await api.call('delete', `${sales}/draft`)).status).toBe(204);

    const after = await api.call('get', sales);
    expect(after.body).toMatchObject({ inForce: { revision: 1 }, draft: null });
    expect((await api.call('delete', `${sales}/draft`)).body.code).toBe('no-draft');
  });

  it('R16a is as if it had never been once the rollout of its only draft was discarded', async () => {
    await api.call('put', sales, { body: { ...messaging, draft: true } });
    await api.database.db.update(template).set({ draftRevision: null, draftRolloutId: null });

    expect((await api.call('get', sales)).status).toBe(404);
    expect((await api.call('get', 'templates')).body.items).toEqual([]);
    const other = await api.call('put', 'templates/organization', { body: messaging });
    expect(other.status).toBe(201);
    await api.call('delete', 'templates/organization?confirm=true');
    const again = await api.call('put', sales, { body: messaging });
    expect([again.status, again.body.template.inForce.revision]).toEqual([201, 2]);
  });

  it('names every fault of a template that cannot be right, each with its pointer', async () => {
    const wrong = await api.call('put', sales, {
      body: {
        entitlements: [
          { offer: 'NOPE' },
          { offer: 'EE', site: 'other.webex.com' },
          { offer: 'EE', site, accountType: 'attendee' },
        ],
      },
    });

    expect(wrong.status).toBe(422);
    expect(wrong.body.code).toBe('invalid-template');
    const pointers = column(wrong.body.errors, 'pointer');
    expect(pointers).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^\/entitlements\/0/),
        expect.stringMatching(/^\/entitlements\/1/),
        expect.stringMatching(/^\/entitlements\/2/),
      ]),
    );
  });

  it('says who saved what', async () => {
    await api.call('put', sales, { body: messaging });
    const events = await api.call('get', 'audit-events');
    expect(events.body.items).toMatchObject([{ action: 'template.saved', role: 'admin' }]);
  });
});

describe('deleting a template', () => {
  it('R24 R30 ends it and keeps everybody as they are', async () => {
    await api.call('put', sales, { body: messaging });
    expect((await api.call('delete', `${sales}?confirm=true`)).status).toBe(204);
    expect((await api.call('get', sales)).status).toBe(404);
    expect((await api.call('delete', `${sales}?confirm=true`)).status).toBe(404);
    expect((await api.call('put', sales, { body: messaging })).status).toBe(201);
  });

  it('refuses while a rollout needs it', async () => {
    const saved = await api.call('put', sales, { body: messaging });
    const { templateId } = saved.body.template;
    const rolloutId = await seedRollout(api.database.db, { templateId, templateRevision: 1 });

    const refused = await api.call('delete', sales);
    expect(refused.body.code).toBe('template-in-use');
    expect(refused.get('Location')).toContain(rolloutId);
  });
});
