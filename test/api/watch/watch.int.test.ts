import { recordWorker } from '../../../src/db/directory/worker-state';
import { completeRequest } from '../../../src/domain/kinds/complete-request';
import {
  groupIdOf,
  orgId,
  orgUuid,
  personIdOf,
  seedDirectory,
  seedRollout,
} from '../../support/api/seed';
import { startTestApi, type TestApi } from '../../support/api/test-api';
import { aRollout } from '../../support/seed';

describe('the watch in the API', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startTestApi();
    await seedDirectory(api.database.db);
  });
  beforeEach(() => api.jobs.reset());
  afterAll(() => api.stop());

  it('R14 says that it has not looked yet, and how it will', async () => {
    const { status, body } = await api.call('get', 'watch', { as: 'viewer' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      baselineAt: null,
      lookedAt: null,
      looks: 0,
      readBy: null,
      intervalSeconds: 300,
      floodLimit: 100,
      waiting: 0,
      deferred: 0,
      retrying: 0,
      halted: [],
      givenUp: { users: 0, first: [] },
      owed: { users: 0, first: [] },
      lastError: null,
    });
  });

  it('R14 shows its first check, what waits, and the last error', async () => {
    const { $client } = api.database.db;
    await $client.query(
      `INSERT INTO watch_state (org_id, baseline_at, looked_at, looks, read_by, last_error)
       VALUES ($1, '2026-01-01T00:00:00Z', now() - interval '90 seconds', 3, 'scim', 'half came')`,
      [orgId],
    );
    await $client.query(
      `INSERT INTO reaction (org_id, person_id, mode, causes)
       VALUES ($1, 'ann', 'new', '[{"kind":"new-user"}]')`,
      [orgId],
    );
    expect((await api.call('get', 'watch')).body).toMatchObject({
      baselineAt: '2026-01-01T00:00:00.000Z',
      looks: 3,
      readBy: 'scim',
      waiting: 1,
      lastError: 'half came',
    });
    const { text } = await api.call('get', '/metrics');
    const [, seconds] = /seatwise_watch_look_age_seconds\{organization="[^"]+"\} (\S+)/.exec(text)!;
    expect(Number(seconds)).toBeGreaterThanOrEqual(90);
  });

  it('R14 names the floods that wait for a person', async () => {
    const { $client } = api.database.db;
    const reason = 'more users at once than the flood limit';
    const request = completeRequest({ change: { kind: 'reconcile' }, reason });
    const rolloutId = await seedRollout(api.database.db, { request });
    await seedRollout(api.database.db, { request, phase: 'discarded' });
    await $client.query(
      `INSERT INTO reaction (org_id, person_id, mode, causes, rollout_id)
       VALUES ($1, 'bea', 'new', '[]', $2), ($1, 'cem', 'new', '[]', $2)`,
      [orgId, rolloutId],
    );
    const { floods } = (await api.call('get', 'watch')).body;
    expect(floods).toEqual([
      { rollout: `/v1/organizations/${orgId}/rollouts/${rolloutId}`, users: 2, reason },
    ]);
  });

  it('R15 R27 checks the directory as soon as a group has its first template', async () => {
    const body = { entitlements: [{ offer: 'FMS' }] };
    const sales = `templates/groups/${groupIdOf(1)}`;
    await api.call('put', sales, { body });
    await api.call('put', sales, { body });
    expect(api.jobs.calls.filter(({ kind }) => kind === 'look')).toEqual([
      { kind: 'look', orgUuid },
    ]);
  });

  it('says that no worker is there, or that its token could not be checked', async () => {
    const { $client } = api.database.db;
    const waitingFor = async () =>
      ((await api.call('get', 'watch')).body as { waitingFor: string | null }).waitingFor;
    expect(await waitingFor()).toBeNull();
    await $client.query('INSERT INTO worker_state (org_id) VALUES ($1)', [orgId]);
    expect(await waitingFor()).toBe('a worker: none has been seen yet');
    await recordWorker(api.database.db, orgId, 'GET /people/me: 503');
    expect(await waitingFor()).toMatch(/organization the worker's token opens: GET .*503$/);
    await recordWorker(api.database.db, orgId, null);
    expect(await waitingFor()).toBeNull();
  });

  it('R95 names users to whom something is owed, also after the end', async () => {
    const { $client } = api.database.db;
    const personId = personIdOf(1);
    const { rolloutId } = await aRollout(api.database.db, {
      orgId,
      phase: 'aborted',
      users: [{ personId, outcome: 'failed' }, { outcome: 'failed' }],
    });
    const set = (assignments: string) =>
      $client.query(`UPDATE rollout_user SET ${assignments} WHERE rollout_id = $1 AND seq = 1`, [
        rolloutId,
      ]);
    await set(`detail = 'no, said Webex', owed_next_at = '2026-01-01T00:00:00Z',
      put_back = jsonb_build_array(changes->0)`);
    const at = '2026-01-01T00:00:00.000Z';
    expect((await api.call('get', 'watch')).body).toMatchObject({
      owed: {
        users: 1,
        first: [
          {
            user: `/v1/organizations/${orgId}/users/${personId}`,
            rollout: `/v1/organizations/${orgId}/rollouts/${rolloutId}`,
            changes: [{ operation: 'add' }],
            detail: 'no, said Webex',
            nextTryAt: at,
          },
        ],
      },
    });
    expect((await api.call('get', `users/${personId}`)).body).toMatchObject({
      standing: expect.arrayContaining([
        expect.objectContaining({
          code: 'owed',
          rule: 'R95',
          text: expect.stringContaining(`next try is at ${at}: no, said Webex`) as string,
        }),
      ]) as unknown,
      openRows: [{ state: 'to-be-put-back', phase: 'aborted' }],
    });
    expect((await api.call('get', `rollouts/${rolloutId}`)).body).toMatchObject({
      waitingFor: 'the putting back of what 1 user lost: no, said Webex',
    });

    await set('put_back = NULL, restored = jsonb_build_array(changes->0)');
    expect((await api.call('get', 'watch')).body).toMatchObject({ owed: { users: 0, first: [] } });
    expect((await api.call('get', `users/${personId}`)).body).toMatchObject({
      openRows: [{ state: 'to-be-verified' }],
    });
    await $client.query('DELETE FROM rollout_user WHERE rollout_id = $1', [rolloutId]);
  });

  it('R100 names users who wait for a person, and tries again when asked', async () => {
    const { $client } = api.database.db;
    const personId = personIdOf(1);
    await $client.query(
      `INSERT INTO reaction (org_id, person_id, mode, causes, attempts, failure, closed_at, gave_up_at)
       VALUES ($1, $2, 'new', '[{"kind":"new-user"}]', 7, 'not found', now(), now())`,
      [orgId, personId],
    );
    const { givenUp } = (await api.call('get', 'watch')).body as { givenUp: unknown };
    expect(givenUp).toMatchObject({
      users: 1,
      first: [{ user: `/v1/organizations/${orgId}/users/${personId}`, attempts: 8 }],
    });
    const { body } = await api.call('get', `users/${personId}`);
    expect(body).toMatchObject({
      standing: expect.arrayContaining([
        expect.objectContaining({ code: 'given-up', text: expect.stringContaining('not found') }),
      ]) as unknown,
      reactions: [{ attempts: 7, failure: 'not found', gaveUpAt: expect.any(String) as unknown }],
    });
    expect((await api.call('post', 'watch/retry', { as: 'viewer' })).status).toBe(403);
    const again = await api.call('post', 'watch/retry', { as: 'operator' });
    expect(again).toMatchObject({ status: 202, body: { users: 1 } });
    expect(api.jobs.calls).toEqual([{ kind: 'look', orgUuid }]);
    expect((await api.call('get', 'watch')).body).toMatchObject({ givenUp: { users: 0 } });
    expect((await api.call('post', 'watch/retry')).body).toMatchObject({ users: 0 });
  });

  it('lets operators start a check, and viewers not', async () => {
    const refused = await api.call('post', 'watch/look', { as: 'viewer' });
    expect(refused.status).toBe(403);
    const { status, body, headers } = await api.call('post', 'watch/look', { as: 'operator' });
    expect(status).toBe(202);
    expect(headers.location).toBe((body as { links: { watch: string } }).links.watch);
    expect(api.jobs.calls).toEqual([{ kind: 'look', orgUuid }]);
    const { rows } = await api.database.db.$client.query(
      "SELECT role FROM audit_event WHERE action = 'watch.asked'",
    );
    expect(rows).toEqual([{ role: 'operator' }]);
  });

  it('says when Temporal is away, and when nobody watches yet', async () => {
    api.jobs.isAway = true;
    const away = await api.call('post', 'watch/look');
    expect(away).toMatchObject({ status: 503, body: { code: 'temporal-unavailable' } });
    api.jobs.isAway = false;
    const unwatching = jest.spyOn(api.jobs, 'startCheck').mockResolvedValue(false);
    const unwatched = await api.call('post', 'watch/look');
    expect(unwatched).toMatchObject({ status: 409, body: { code: 'not-observed' } });
    unwatching.mockRestore();
  });

  describe('refused lists', () => {
    const refuse = async () => {
      const { $client } = api.database.db;
      await $client.query('DELETE FROM directory_belief WHERE org_id = $1', [orgId]);
      await $client.query(
        `INSERT INTO directory_belief (org_id, list, refusal, refused_before, refused_now,
           refused_missing, refused_since, refused_at, refused_reads, other_count, other_source)
         VALUES ($1, 'people', 'drop', 301, 100, 201, now(), now(), 2, 301, 'scim')`,
        [orgId],
      );
    };
    const seen = { list: 'people', before: 301, now: 100, reason: 'a site was sold' };
    const accept = (body: object, as: 'admin' | 'operator' = 'admin') =>
      api.call('post', 'watch/accept', { as, body });
    beforeEach(refuse);

    it('R88 R87 are shown with both figures, next to the users who are promised', async () => {
      const { body } = await api.call('get', 'watch', { as: 'viewer' });
      expect(body).toMatchObject({
        refused: [
          {
            list: 'people',
            refusal: 'drop',
            before: 301,
            now: 100,
            missing: 201,
            text: 'The list of people shows 100 entries, and 201 of the 301 before are missing.',
            reads: 2,
            accepted: null,
          },
        ],
        people: { promised: 301, source: 'scim' },
      });
    });

    it('R88 are accepted by an administrator, with a reason, and audited', async () => {
      const { status, body } = await accept(seen);
      expect(status).toBe(202);
      expect(body).toMatchObject({
        accepted: { list: 'people', accepted: { reason: seen.reason } },
      });
      const { rows } = await api.database.db.$client.query(
        `SELECT grant_missing, grant_shown FROM directory_belief WHERE org_id = $1`,
        [orgId],
      );
      expect(rows).toEqual([{ grant_missing: 201, grant_shown: 100 }]);
      const audit = await api.call('get', 'audit-events?target=watch', { as: 'viewer' });
      const { items } = audit.body as { items: unknown[] };
      expect(items[0]).toMatchObject({
        action: 'directory.accepted',
        details: { list: 'people', before: 301, now: 100, missing: 201 },
      });
    });

    it.each([
      ['people', 422],
      ['licenses', 422],
      ['groups', 202],
      ['members:sales', 202],
    ])(
      'R87 are accepted if incomplete only where Webex promises a total: %s',
      async (list, status) => {
        await api.database.db.$client.query(
          `INSERT INTO template (org_id, template_id, scope, group_id, name, latest_revision)
           VALUES ($1, '00000000-0000-4000-8000-000000000001', 'group', 'sales', 'Sales', 1)
           ON CONFLICT DO NOTHING`,
          [orgId],
        );
        await api.database.db.$client.query(
          "UPDATE directory_belief SET list = $2, refusal = 'incomplete' WHERE org_id = $1",
          [orgId, list],
        );
        const answer = await accept({ ...seen, list });
        expect(answer.status).toBe(status);
        const { rows } = await api.database.db.$client.query(
          'SELECT grant_shown FROM directory_belief WHERE org_id = $1',
          [orgId],
        );
        expect(rows).toEqual([{ grant_shown: status === 202 ? 100 : null }]);
        if (status === 422) expect(answer.body.detail).toContain("pages don't fit together");
      },
    );

    it('R88 are not accepted with other figures, by others, or where nothing is refused', async () => {
      const changed = await accept({ ...seen, now: 150 });
      expect(changed.status).toBe(409);
      expect(changed.body).toMatchObject({
        code: 'figures-changed',
        refused: { before: 301, now: 100 },
      });
      expect((await accept(seen, 'operator')).status).toBe(403);
      expect((await accept({ ...seen, list: 'groups' })).status).toBe(404);
      expect((await accept({ ...seen, reason: ' ' })).status).toBe(422);
    });
  });
});
