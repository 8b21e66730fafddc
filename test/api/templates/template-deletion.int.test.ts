import { sql } from 'drizzle-orm';
import { templatesToday, templatesToPlan } from '../../../src/activities/plan/templates-to-plan';
import { beginToGovern, dropWaitingChange } from '../../../src/db/templates/begin-to-govern';
import { provenance } from '../../../src/db/schema';
import { startTestApi, type TestApi } from '../../support/api/test-api';
import { groupIdOf, licenseIdOf, orgId, personIdOf, seedDirectory } from '../../support/api/seed';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedDirectory(api.database.db);
});
afterAll(() => api.stop());
beforeEach(async () => {
  api.jobs.reset();
  await api.database.db.execute(
    sql`TRUNCATE template, template_revision, org_settings, rollout, rollout_row, audit_event,
      idempotency_key, provenance`,
  );
});

const sales = `templates/groups/${groupIdOf(1)}`;
const messaging = { entitlements: [{ offer: 'MS' }] };

async function save(body: object = messaging): Promise<string> {
  const saved = await api.call('put', sales, { body });
  return saved.body.template.templateId as string;
}

async function give(templateId: string, people: number[], offers: string[]): Promise<void> {
  const rolloutId = '0e000000-0000-4000-8000-000000000001';
  await api.database.db.insert(provenance).values(
    people.flatMap((n) =>
      offers.map((offer) => ({
        orgId,
        personId: personIdOf(n),
        target: licenseIdOf(offer),
        kind: 'template' as const,
        templateId,
        revision: 1,
        rolloutId,
      })),
    ),
  );
}

describe('deleting a template', () => {
  it('R30 asks for confirmation, says whom it licensed, and changes nothing', async () => {
    const templateId = await save();
    await give(templateId, [1, 2], ['MS', 'FMS']);
    const asked = await api.call('delete', sales);

    expect([asked.status, asked.body.code]).toEqual([409, 'confirmation-required']);
    expect(asked.body).toMatchObject({
      confirmWith: { confirm: true },
      preserve: true,
      usersLicensed: 2,
      licensesGiven: 4,
      detail: expect.stringContaining('4 licenses to 2 users, who keep them'),
    });
    expect((await api.call('get', sales)).status).toBe(200);
    const cancelled = await api.call('delete', `${sales}?confirm=false`);
    expect(cancelled.body.code).toBe('confirmation-required');
  });

  it('R24 R30 with preserve, the default, it ends at once, and nobody loses anything', async () => {
    const templateId = await save();
    await give(templateId, [1], ['MS']);
    expect((await api.call('delete', `${sales}?confirm=true`)).status).toBe(204);

    expect((await api.call('get', sales)).status).toBe(404);
    expect(api.jobs.calls.filter(({ kind }) => kind !== 'look' && kind !== 'read-members')).toEqual(
      [],
    );
    expect((await api.call('get', 'rollouts')).body.items).toEqual([]);
    const [owner] = await api.database.db.select().from(provenance);
    expect(owner).toMatchObject({ templateId, endedAt: null });
  });

  it('R31a with preserve, what it gave passes to another template that grants it', async () => {
    await api.call('patch', 'settings', { body: { compositionMode: 'union' } });
    const other = await api.call('put', 'templates/organization', { body: messaging });
    const templateId = await save();
    await give(templateId, [1], ['MS']);
    await api.call('delete', `${sales}?confirm=true`);
    const [owner] = await api.database.db.select().from(provenance);
    expect(owner).toMatchObject({ templateId: other.body.template.templateId });
  });

  it('R30 without preserve it is a rollout that waits, and the template governs until then', async () => {
    const templateId = await save();
    await give(templateId, [1], ['MS']);
    const asked = await api.call('delete', `${sales}?preserve=false`);
    expect(asked.body).toMatchObject({ code: 'confirmation-required', preserve: false });
    expect(api.jobs.calls.filter(({ kind }) => kind !== 'look' && kind !== 'read-members')).toEqual(
      [],
    );

    const ending = await api.call('delete', `${sales}?preserve=false&confirm=true`);
    expect(ending.status).toBe(202);
    expect(ending.get('Location')).toBe(ending.body.links.self);
    expect(ending.body).toMatchObject({
      title: 'Delete template "Sales" and remove what it added',
      templateId,
      templateRevision: 1,
      request: {
        change: { kind: 'delete-template', templateId },
        existingUsers: true,
        pilot: { sample: { percent: 1, atLeast: 5 } },
      },
    });
    const { rolloutId } = ending.body;
    expect(api.jobs.calls).toContainEqual({ kind: 'start', rolloutId });
    const template = await api.call('get', sales);
    expect(template.body).toMatchObject({
      inForce: { revision: 1 },
      endingRollout: ending.body.links.self,
    });
  });

  it('R30 is carried out once: what is asked meanwhile gets the address of the first', async () => {
    const templateId = await save();
    const first = await api.call('delete', `${sales}?preserve=false&confirm=true`);
    const change = { kind: 'delete-template', templateId };
    const others = [
      await api.call('delete', `${sales}?preserve=false&confirm=true`),
      await api.call('delete', `${sales}?confirm=true`),
      await api.call('put', sales, { body: messaging }),
      await api.call('post', 'rollouts', { body: { change } }),
      await api.call('post', 'rollouts', { body: { change: { ...change, kind: 'template' } } }),
    ];
    expect(others.map(({ body }) => body.code as string)).toEqual(
      others.map(() => 'template-in-use'),
    );
    expect(others.map((other) => other.get('Location'))).toEqual(
      others.map(() => first.body.links.self as string),
    );
  });

  it('R30 returns the same answer for the same key', async () => {
    await save();
    const headers = { 'Idempotency-Key': 'k-1' };
    const path = `${sales}?preserve=false&confirm=true`;
    const [one, two] = await Promise.all([
      api.call('delete', path, { headers }),
      api.call('delete', path, { headers }),
    ]);
    expect([one.status, two.status]).toEqual([202, 202]);
    expect(one.body.rolloutId).toBe(two.body.rolloutId);
  });

  it('R16a R30 is refused while a draft is pending', async () => {
    await save();
    await save({ ...messaging, draft: true });
    const refused = await api.call('delete', `${sales}?preserve=false&confirm=true`);
    expect([refused.status, refused.body.code]).toEqual([409, 'draft-pending']);
  });

  it('R30 with a pilot and waves of its own it is asked for like any rollout, by an admin', async () => {
    const templateId = await save();
    const body = {
      change: { kind: 'delete-template', templateId },
      pilot: null,
      gates: 'automatic',
    };
    const refused = await api.call('post', 'rollouts', { as: 'operator', body });
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    const created = await api.call('post', 'rollouts', { body });
    expect(created.body.request).toMatchObject({ pilot: null, gates: 'automatic' });
    expect((await api.call('get', sales)).body.endingRollout).toBe(created.body.links.self);
  });

  it('R30 ends once its rollout governs, and remains if the rollout was discarded', async () => {
    await save();
    const path = `${sales}?preserve=false&confirm=true`;
    const first = await api.call('delete', path);
    await dropWaitingChange(api.database.db, first.body.rolloutId as string);
    await api.database.db.execute(sql`UPDATE rollout SET phase = 'discarded'`);
    expect((await api.call('get', sales)).body.endingRollout).toBeNull();

    const second = await api.call('delete', path);
    await beginToGovern(api.database.db, { orgId, rolloutId: second.body.rolloutId as string });
    expect((await api.call('get', sales)).status).toBe(404);
  });

  describe('whose first draft was dropped after its pilot', () => {
    async function dropped(): Promise<string> {
      const templateId = await save({ ...messaging, draft: true });
      await give(templateId, [1, 2], ['MS']);
      expect((await api.call('delete', `${sales}/draft`)).status).toBe(204);
      return templateId;
    }

    it.each(['DELETE', 'POST rollouts'])(
      'R30 R31a %s takes back what the pilot got',
      async (by) => {
        const templateId = await dropped();
        const body = { change: { kind: 'delete-template', templateId } };
        const created =
          by === 'DELETE'
            ? await api.call('delete', `${sales}?preserve=false&confirm=true`)
            : await api.call('post', 'rollouts', { body });
        expect(created.status).toBe(202);
        expect(created.body).toMatchObject({
          title: 'Delete template "Sales" and remove what it added',
          templateId,
        });
        const change = { kind: 'delete-template' as const, templateId };
        const { rolloutId } = created.body as { rolloutId: string };
        const ids = { orgId, rolloutId };
        const plan = await templatesToPlan(api.database.db, ids, change);
        expect(plan).toMatchObject({ templates: [], ending: { templateId, revision: 1 } });
        expect(await templatesToday(api.database.db, ids, change)).toMatchObject(plan);
      },
    );

    it('R31a the explanation of a user links to no template, and says how to take it back', async () => {
      const templateId = await dropped();
      await api.database.db.execute(
        sql`UPDATE directory_user SET licenses = licenses || ${JSON.stringify([licenseIdOf('MS')])}::jsonb
          WHERE person_id = ${personIdOf(1)}`,
      );
      const { body } = await api.call('get', `users/${personIdOf(1)}`);
      const { licenses } = body as {
        licenses: { offer: string; provenance: { template: object } }[];
      };
      const held = licenses.find(({ offer }) => offer === 'MS');
      expect(held?.provenance.template).toMatchObject({
        templateId,
        address: null,
        takeBackWith: { change: { kind: 'delete-template', templateId } },
      });
      const takeBack = (held?.provenance.template as { takeBackWith: object }).takeBackWith;
      expect((await api.call('post', 'rollouts', { body: takeBack })).status).toBe(202);
    });

    it('is not there where its pilot got nothing', async () => {
      await save({ ...messaging, draft: true });
      await api.call('delete', `${sales}/draft`);
      expect((await api.call('delete', `${sales}?preserve=false&confirm=true`)).status).toBe(404);
    });
  });

  it('R24 R32 a template that ended can be saved anew, as another one', async () => {
    const before = await save();
    await api.call('delete', `${sales}?confirm=true`);
    const after = await save();
    expect(after).not.toBe(before);
  });

  it('R31 removes services only if the request asks for it', async () => {
    const templateId = await save();
    const change = { kind: 'template', templateId };
    const asked = (removedServices: object) =>
      api.call('post', 'rollouts', { body: { change: { ...change, removedServices } } });

    const kept = await asked({ preserve: true });
    expect(kept.body.request.change).toEqual({ ...change, revision: 1 });
    const taken = await asked({ preserve: false });
    expect(taken.body).toMatchObject({
      title: 'Template "Sales" r1, future users only, removes what the template no longer grants',
      request: { change: { removedServices: { preserve: false } }, existingUsers: false },
    });
  });
});
