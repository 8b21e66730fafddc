import { sql } from 'drizzle-orm';
import { startTestApi, type TestApi } from '../../support/api/test-api';
import { personIdOf, seedDirectory, seedRollout } from '../../support/api/seed';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedDirectory(api.database.db);
});
afterAll(() => api.stop());
beforeEach(async () => {
  api.jobs.reset();
  await api.database.db.execute(
    sql`TRUNCATE template, template_revision, rollout, rollout_row, audit_event, idempotency_key`,
  );
});

describe('turning services off and on again', () => {
  it('R58 R59 asks for messaging and calling of anybody in one request', async () => {
    const change = {
      kind: 'remove-services',
      services: ['messaging', 'calling', 'messaging'],
      from: { users: ['ada@acme.example'] },
    };
    const created = await api.call('post', 'rollouts', { body: { change } });
    expect(created.body).toMatchObject({
      title: 'Turn off calling and messaging for 1 user',
      request: {
        change: { services: ['calling', 'messaging'], from: { users: [personIdOf(1)] } },
        existingUsers: true,
      },
      restoreWith: null,
    });
  });

  it('R16 R58 can not leave existing users out: it is about nobody else', async () => {
    const change = { kind: 'remove-services', services: ['calling'], from: { organization: true } };
    const body = { change, existingUsers: false };
    const refused = await api.call('post', 'rollouts', { body });
    expect([refused.status, refused.body.code]).toEqual([422, 'invalid-request']);
    expect(refused.body.errors).toMatchObject([{ pointer: '/existingUsers' }]);
  });

  it('R81 restoring is one request, which the rollout names', async () => {
    const startedAt = new Date();
    const rolloutId = await seedRollout(api.database.db, { phase: 'completed', startedAt });
    const { body: off } = await api.call('get', `rollouts/${rolloutId}`);
    expect(off.restoreWith).toEqual({ change: { kind: 'restore-services', rolloutId } });

    const restored = await api.call('post', 'rollouts', { as: 'operator', body: off.restoreWith });
    expect(restored.status).toBe(202);
    expect(restored.body).toMatchObject({
      title: `Restore what rollout ${rolloutId} removed`,
      request: { existingUsers: true, preserveLicenses: true },
      templateId: null,
    });
    const again = await api.call('post', 'rollouts', { body: restored.body.request });
    expect(again.status).toBe(202);
  });

  it.each([
    [
      'never started',
      async () => seedRollout(api.database.db),
      /never started, so it removed nothing/,
    ],
    [
      'no removal of services',
      async () => {
        const body = { entitlements: [{ offer: 'MS' }] };
        const saved = await api.call('put', 'templates/organization', { body });
        const change = { kind: 'template', templateId: saved.body.template.templateId as string };
        const created = await api.call('post', 'rollouts', { body: { change } });
        return created.body.rolloutId as string;
      },
      /turned no service off/,
    ],
    ['not there', () => Promise.resolve('0e000000-0000-4000-8000-000000000009'), /no rollout/],
    ['not even an id', () => Promise.resolve('last'), /no rollout "last"/],
  ])('R81 gives nothing back from a rollout that is %s', async (_, rollout, detail) => {
    const body = { change: { kind: 'restore-services', rolloutId: await rollout() } };
    const refused = await api.call('post', 'rollouts', { body });
    expect([refused.status, refused.body.code]).toEqual([422, 'unknown-reference']);
    expect(refused.body.errors).toMatchObject([
      {
        pointer: '/change/rolloutId',
        code: 'unknown-rollout',
        detail: expect.stringMatching(detail),
      },
    ]);
  });
});
