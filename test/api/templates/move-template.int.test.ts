import { sql } from 'drizzle-orm';
import { column, startTestApi, type TestApi } from '../../support/api/test-api';
import { groupIdOf, orgId, orgUuid, seedDirectory } from '../../support/api/seed';

const sales = `templates/groups/${groupIdOf(1)}`;
const twin = `templates/groups/${groupIdOf(2)}`;

describe('moving a template to the successor of its group', () => {
  let api: TestApi;
  let templateId: string;

  beforeAll(async () => {
    api = await startTestApi();
    await seedDirectory(api.database.db);
  });
  beforeEach(async () => {
    const { db } = api.database;
    await db.execute(sql`TRUNCATE template, template_revision, audit_event`);
    await db.execute(sql`UPDATE directory_group SET gone_at = NULL, deleted_at = NULL`);
    const saved = await api.call('put', sales, { body: { entitlements: [{ offer: 'MS' }] } });
    templateId = saved.body.template.templateId as string;
    api.jobs.reset();
  });
  afterAll(() => api.stop());

  const vanishes = () =>
    api.database.db.execute(
      sql`UPDATE directory_group SET gone_at = now(), deleted_at = now()
          WHERE group_id = ${groupIdOf(1)}`,
    );
  const move = (to: string, more = {}) =>
    api.call('post', `${sales}/move`, { body: { to }, ...more });

  it('R90 keeps its id, revisions and draft, is recorded, and checks the directory', async () => {
    await api.call('put', sales, { body: { entitlements: [], draft: true } });
    await vanishes();
    await api.database.db.execute(sql`UPDATE template SET successor_group_id = ${groupIdOf(2)}`);
    const { replacedGroups } = (await api.call('get', 'watch')).body;
    expect(replacedGroups).toEqual([
      {
        template: `/v1/organizations/${orgId}/${sales}`,
        name: 'Sales',
        successor: { groupId: groupIdOf(2), displayName: 'Twins' },
        move: `/v1/organizations/${orgId}/${sales}/move`,
      },
    ]);
    expect((await api.call('get', sales)).body.successor).toBe(groupIdOf(2));

    const { status, body } = await move(groupIdOf(2));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      templateId,
      scope: { kind: 'group', groupId: groupIdOf(2) },
      inForce: { revision: 1 },
      draft: { revision: 2 },
      successor: null,
    });
    expect((await api.call('get', sales)).status).toBe(404);
    expect((await api.call('get', twin)).status).toBe(200);
    expect(column((await api.call('get', `${twin}/revisions`)).body.items, 'revision')).toEqual([
      2, 1,
    ]);
    expect(api.jobs.calls.at(-1)).toEqual({ kind: 'look', orgUuid });
    const { rows } = await api.database.db.execute(
      sql`SELECT details FROM audit_event WHERE action = 'template.moved'`,
    );
    expect(rows).toEqual([{ details: { name: 'Sales', from: groupIdOf(1), to: groupIdOf(2) } }]);
    expect((await api.call('get', 'watch')).body.replacedGroups).toEqual([]);
  });

  it('R90 is refused while the group exists, and to a group that has or can have no template', async () => {
    expect((await move(groupIdOf(2))).body).toMatchObject({ status: 409, code: 'group-exists' });
    await vanishes();
    expect((await move(groupIdOf(4))).body.code).toBe('group-not-usable');
    expect((await move('Twins')).body.code).toBe('ambiguous-name');
    await api.call('put', twin, { body: { entitlements: [] } });
    expect((await move(groupIdOf(2))).body.code).toBe('group-not-usable');
    expect((await move(groupIdOf(3), { as: 'approver' })).status).toBe(403);
    const stale = { headers: { 'if-match': '"stale"' } };
    expect((await move(groupIdOf(3), stale)).status).toBe(412);
    expect((await move(groupIdOf(3))).status).toBe(200);
  });
});
