import { sql } from 'drizzle-orm';
import { startTestApi, type TestApi } from '../../support/api/test-api';
import { groupIdOf, seedDirectory, seedRollout } from '../../support/api/seed';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedDirectory(api.database.db);
});
afterAll(() => api.stop());
beforeEach(async () => {
  api.jobs.reset();
  await api.database.db.execute(
    sql`TRUNCATE template, template_revision, org_settings, rollout, rollout_row, audit_event, idempotency_key`,
  );
});

const sales = `templates/groups/${groupIdOf(1)}`;
const messaging = { entitlements: [{ offer: 'MS' }] };

describe('previewing a template', () => {
  it('R16 R23 plans what it would do and saves nothing', async () => {
    const preview = await api.call('post', `${sales}/preview`, {
      as: 'operator',
      body: {
        ...messaging,
        existingUsers: true,
        preserveLicenses: false,
        waves: [{ percent: 50 }],
      },
    });

    expect(preview.status).toBe(202);
    expect(preview.get('Location')).toBe(preview.body.links.self);
    expect(preview.body).toMatchObject({
      title: `Preview of "Sales", existing users, removes all other licenses`,
      templateId: null,
      kind: 'preview',
      request: {
        change: {
          kind: 'preview',
          scope: { kind: 'group', groupId: groupIdOf(1) },
          // As it would be stored: MS brings FMS (R53).
          entitlements: [{ offer: 'FMS' }, { offer: 'MS' }],
        },
        existingUsers: true,
        preserveLicenses: false,
        waves: [{ size: { percent: 50 } }],
      },
    });
    const { rolloutId } = preview.body;
    expect(api.jobs.calls).toEqual([{ kind: 'start', rolloutId }]);
    expect((await api.call('get', 'templates')).body.items).toEqual([]);
  });

  it('previews the organization template under the name of the existing one', async () => {
    await api.call('put', 'templates/organization', { body: { ...messaging, name: 'Everybody' } });
    const preview = await api.call('post', 'templates/organization/preview', { body: messaging });
    expect(preview.body.title).toBe('Preview of "Everybody", future users only');
    const named = { ...messaging, name: 'Other' };
    const other = await api.call('post', 'templates/organization/preview', { body: named });
    expect(other.body.title).toBe('Preview of "Other", future users only');
  });

  it('R16a leaves a pending draft alone', async () => {
    await api.call('put', sales, { body: { ...messaging, draft: true } });
    expect((await api.call('post', `${sales}/preview`, { body: messaging })).status).toBe(202);
    expect((await api.call('get', sales)).body).toMatchObject({
      draft: { revision: 1 },
      draftRollout: null,
    });
    expect((await api.call('delete', `${sales}/draft`)).status).toBe(204);
  });

  it('R13 R38 is checked like a save', async () => {
    const attendee = {
      entitlements: [{ offer: 'EE', site: 'acme.webex.com', accountType: 'attendee' }],
    };
    const wrong = await api.call('post', `${sales}/preview`, { body: attendee });
    expect([wrong.status, wrong.body.code]).toEqual([422, 'invalid-template']);
    const location = `templates/groups/${groupIdOf(4)}/preview`;
    const refused = await api.call('post', location, { body: messaging });
    expect(refused.body.code).toBe('group-not-usable');
    const nobody = { ...messaging, pilot: { users: ['nobody@acme.example'] } };
    const unknown = await api.call('post', `${sales}/preview`, { body: nobody });
    expect(unknown.body.errors).toMatchObject([{ pointer: '/pilot/users/0' }]);
  });

  it('R2 shows what switching sides would lead to', async () => {
    await api.call('put', sales, { body: messaging });
    const other = await api.call('post', 'templates/organization/preview', { body: messaging });
    expect(other.status).toBe(202);
    expect(other.body.request.change).toMatchObject({ kind: 'preview', switchesSide: true });
    expect((await api.call('get', sales)).status).toBe(200);
  });

  it('can be read and discarded, but never started', async () => {
    const change = {
      kind: 'preview',
      scope: { kind: 'organization' },
      name: 'Other',
      entitlements: [],
    };
    const preview = await api.call('post', `${sales}/preview`, { body: messaging });
    const rolloutId = await seedRollout(api.database.db, {
      request: { ...preview.body.request, change } as never,
    });
    const { body: found } = await api.call('get', `rollouts/${rolloutId}`);
    expect(found.allowedActions).toEqual(['discard', 'set-pace']);
    expect(found.refusedActions.start).toBe(
      "A preview can't be started. Save the template and roll it out.",
    );
    const started = await api.call('post', `rollouts/${rolloutId}/start`, {
      body: { digest: 'digest-1' },
    });
    expect([started.status, started.body.code]).toEqual([409, 'action-not-allowed']);
    expect(api.jobs.calls.filter(({ kind }) => kind === 'act')).toEqual([]);
  });

  it.each(['preview', 'reconcile'])('is asked for in no other way: kind %s', async (kind) => {
    const body = { change: { kind, scope: { kind: 'organization' }, name: 'x', entitlements: [] } };
    expect((await api.call('post', 'rollouts', { body })).status).toBe(422);
  });

  it('returns the same answer for the same key, and another one for another group', async () => {
    const once = { body: messaging, headers: { 'Idempotency-Key': 'k-1' } };
    const one = await api.call('post', `${sales}/preview`, once);
    const two = await api.call('post', `${sales}/preview`, once);
    expect(two.body.rolloutId).toBe(one.body.rolloutId);
    const other = await api.call('post', `templates/groups/${groupIdOf(2)}/preview`, once);
    expect(other.body.rolloutId).not.toBe(one.body.rolloutId);
  });
});
