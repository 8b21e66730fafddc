import { createTestDatabase, type TestDatabase } from '../../support/database';
import { longAgo, MirrorStory } from '../../support/mirror-story';

const soon = () => new Date(Date.now() + 1_000);

describe('what a check finds in the mirror', () => {
  let database: TestDatabase;
  let story: MirrorStory;

  beforeAll(async () => {
    database = await createTestDatabase({ writableMirror: true });
  });
  beforeEach(async () => {
    story = new MirrorStory(database.db);
    await story.template(null);
    await story.users(longAgo, ['FMS'], 'ann', 'bob');
  });
  afterAll(() => database.drop());

  it('R15 the first check is a baseline: it finds nobody', async () => {
    await story.template('sales');
    await story.groups({ sales: ['ann'] });
    expect(await story.detect()).toEqual({ isBaseline: true, found: {} });
    expect(await story.detect()).toEqual({ isBaseline: false, found: {} });
    expect(await story.reactions()).toEqual([]);
  });

  it('R15 a check that did not show everybody is no baseline', async () => {
    expect(await story.detect({ isFull: false })).toMatchObject({ isBaseline: true });
    await story.users(soon(), ['FMS'], 'cleo');
    expect(await story.detect()).toMatchObject({ isBaseline: true });
    expect(await story.detect()).toMatchObject({ found: { 'new-user': 1 } });
  });

  it('R15 a user created during the first check is new, and found by the second', async () => {
    const startedAt = new Date();
    await story.users(soon(), ['FMS'], 'cleo');
    await story.detect({ startedAt });
    expect(await story.reactions()).toEqual([]);
    await story.detect();
    expect(await story.reactions()).toEqual(['cleo new new-user waits']);
  });

  it("R15 finds users whom a rollout's own read saw first", async () => {
    await story.detect();
    await story.users(soon(), ['FMS'], 'cleo');
    await story.users(soon(), ['FMS', 'MS'], 'cleo');
    await story.detect({ isFull: false });
    expect(await story.reactions()).toEqual(['cleo new new-user waits']);
    expect(await sightOf('cleo')).toEqual({ is_new: true, only_gains: false, is_explicit: false });
  });

  it('R15 a claimed user, created long ago and first seen now, is new and only gains', async () => {
    await story.detect();
    await story.users(longAgo, ['FMS'], 'dora');
    expect(await story.detect()).toMatchObject({ found: { 'arrived-user': 1 } });
    expect(await story.detect()).toMatchObject({ found: {} });
    expect(await story.reactions()).toEqual(['dora add arrived-user waits']);
    expect(await sightOf('dora')).toEqual({ is_new: true, only_gains: true, is_explicit: false });
    const { rows } = await database.db.$client.query(
      "SELECT details FROM audit_event WHERE org_id = $1 AND action = 'watch.found'",
      [story.orgId],
    );
    expect(rows).toEqual([{ details: { 'arrived-user': 1 } }]);
  });

  it('R15 a user who counted as gone and is here again is new, only gains, and is found once', async () => {
    await story.settings({ preserveOnGroupTransition: false });
    await story.template('sales');
    await story.groups({ sales: ['ann'] });
    await story.detect();
    await story.gone('ann');
    expect(await story.detect()).toMatchObject({ found: {} });
    await story.users(longAgo, ['FMS', 'RTT'], 'ann');
    expect(await story.detect()).toMatchObject({ found: { 'returned-user': 1 } });
    await story.users(longAgo, ['FMS', 'RTT'], 'ann');
    expect(await story.detect()).toMatchObject({ found: {} });
    expect(await story.reactions()).toEqual(['ann add returned-user waits']);
    expect(await sightOf('ann')).toEqual({ is_new: true, only_gains: true, is_explicit: false });
  });

  it('R15 a user whom stored data calls existing stays existing', async () => {
    await story.detect();
    await story.users(longAgo, ['FMS', 'RTT'], 'ann');
    expect(await story.detect()).toMatchObject({ found: {} });
    expect(await sightOf('ann')).toEqual({ is_new: false, only_gains: false, is_explicit: false });
  });

  it('R91 a person first shown by a later check, long a member of the group, has not joined', async () => {
    await story.settings({ preserveOnGroupTransition: false });
    await story.template('sales');
    await story.groups({ sales: ['ann', 'dora'] });
    await story.detect();
    await story.users(longAgo, ['FMS', 'RTT'], 'dora');
    await story.detect();
    expect(await story.reactions()).toEqual(['dora add arrived-user waits']);
  });

  it('R15 R22 a user who leaves a group while their arrival waits loses nothing', async () => {
    await story.settings({ preserveOnGroupTransition: false });
    await story.template('sales');
    await story.groups({ sales: ['dora'] });
    await story.detect();
    await story.users(longAgo, ['FMS', 'RTT'], 'dora');
    await story.detect();
    await story.groups({ sales: [] });
    await story.detect();
    expect(await story.reactions()).toEqual(['dora add arrived-user+left waits']);
  });

  describe('R20 R22 an explicit new user in a group, with a template for everybody', () => {
    beforeEach(async () => {
      await story.template('sales');
      await story.groups({ sales: [] });
      await story.detect();
      await story.users(soon(), ['FMS', 'FTC', 'BCSTD'], 'cleo');
    });

    it('created and joined between two checks', async () => {
      await story.groups({ sales: ['cleo'] });
      await story.detect();
      expect(await story.reactions()).toEqual(['cleo new new-user waits']);
    });

    it('created before a check and joined after it: reconciled as new all the same', async () => {
      await story.detect();
      expect(await story.reactions()).toEqual(['cleo new new-user closed']);
      await story.groups({ sales: ['cleo'] });
      await story.detect();
      expect(await story.reactions()).toEqual([
        'cleo new new-user closed',
        'cleo new joined waits',
      ]);
    });
  });

  async function sightOf(personId: string): Promise<unknown> {
    const { rows } = await database.db.$client.query(
      `SELECT is_new, only_gains, is_explicit FROM directory_user
       WHERE org_id = $1 AND person_id = $2`,
      [story.orgId, personId],
    );
    return rows[0];
  }

  it('R20 remembers users created with a license', async () => {
    await story.detect();
    await story.users(soon(), ['FMS', 'BCSTD'], 'cleo');
    await story.detect();
    const { rows } = await database.db.$client.query(
      'SELECT person_id FROM directory_user WHERE org_id = $1 AND is_explicit',
      [story.orgId],
    );
    expect(rows).toEqual([{ person_id: 'cleo' }]);
  });

  it('R14 nobody twice: a check that is cut off finds the same again, and a complete one finds nobody', async () => {
    await story.detect();
    await story.users(soon(), ['FMS'], 'cleo');
    const cutOff = database.db.transaction(async (tx) => {
      const inside = new MirrorStory(tx as unknown as typeof database.db);
      Object.assign(inside, { orgId: story.orgId });
      await inside.detect();
      expect(await story.reactions()).toEqual([]);
      throw new Error('cut off');
    });
    await expect(cutOff).rejects.toThrow('cut off');
    await story.detect();
    expect(await story.detect()).toMatchObject({ found: {} });
    expect(await story.reactions()).toEqual(['cleo new new-user waits']);
  });

  it('R29 the first sight of a group is no change, what follows is', async () => {
    await story.detect();
    await story.template('sales');
    await story.groups({ sales: ['ann'] });
    await story.detect();
    expect(await story.reactions()).toEqual([]);
    await story.groups({ sales: ['bob'] });
    expect(await story.detect()).toMatchObject({ found: { joined: 1, left: 1 } });
    expect(await story.reactions()).toEqual(['ann add left closed', 'bob add joined waits']);
  });

  it('R29 only groups that hold a template count', async () => {
    await story.groups({ plain: [] });
    await story.detect();
    await story.groups({ plain: ['ann'] });
    expect(await story.detect()).toMatchObject({ found: {} });
  });

  it('R27 R29 two findings about one user become one', async () => {
    await story.settings({ preserveOnGroupTransition: false });
    await story.template('sales');
    await story.template('support');
    await story.groups({ sales: ['ann'], support: [] });
    await story.detect();
    await story.groups({ sales: [], support: ['ann'] });
    await story.detect();
    expect(await story.reactions()).toEqual(['ann exact joined+left waits']);
    await story.groups({ sales: ['ann'], support: ['ann'] });
    await story.detect();
    expect(await story.reactions()).toEqual(['ann exact joined+left+joined waits']);
  });

  it('R10 switching parent groups on is no change for anybody', async () => {
    await story.template('outer');
    await story.groups({ outer: [], inner: ['ann'] });
    await database.db.$client.query(
      `INSERT INTO directory_member (org_id, group_id, member_id, type)
       VALUES ($1, 'outer', 'inner', 'group')`,
      [story.orgId],
    );
    await story.detect();
    await story.settings({ includeParentGroups: true });
    expect(await story.detect()).toMatchObject({ found: {} });
    await database.db.$client.query(
      `INSERT INTO directory_member (org_id, group_id, member_id, type)
       VALUES ($1, 'inner', 'bob', 'user')`,
      [story.orgId],
    );
    expect(await story.detect()).toMatchObject({ found: { joined: 1 } });
    expect(await story.reactions()).toEqual(['bob add joined waits']);
  });

  it('R33 a vanished group changes nobody; a deleted one ends its template, and its members are named', async () => {
    await story.template('sales');
    await story.groups({ sales: ['ann'], other: [] });
    await story.detect();
    await story.groups({ other: [] });
    expect(await story.detect()).toMatchObject({ found: {} });
    await story.groups({ other: [] });
    expect(await story.detect()).toMatchObject({ found: {} });
    expect(await story.detect()).toMatchObject({ found: { 'group-deleted': 1 } });
    expect(await story.reactions()).toEqual(['ann add group-deleted closed']);
    const { rows } = await database.db.$client.query(
      `SELECT (SELECT count(*)::int FROM template WHERE org_id = $1 AND group_id = 'sales'
          AND deleted_at IS NULL) AS templates,
        (SELECT count(*)::int FROM directory_member WHERE org_id = $1) AS members,
        (SELECT details->>'reason' FROM audit_event
          WHERE org_id = $1 AND action = 'template.ended') AS reason`,
      [story.orgId],
    );
    expect(rows).toEqual([{ templates: 0, members: 0, reason: 'its group was deleted' }]);
    expect(await story.detect()).toMatchObject({ found: {} });
  });

  it('R33 R29 setting off: the last known members of a deleted group are reconciled', async () => {
    await story.settings({ preserveOnGroupTransition: false });
    await story.template('sales');
    await story.groups({ sales: ['ann', 'bob'], other: [] });
    await story.detect();
    for (let look = 0; look < 2; look += 1) await story.groups({ other: [] });
    await story.detect();
    expect(await story.reactions()).toEqual([]);
    await story.detect();
    expect(await story.reactions()).toEqual([
      'ann exact group-deleted waits',
      'bob exact group-deleted waits',
    ]);
  });

  it('moves its cursor forward only, and says what it could not read', async () => {
    const newest = new Date(Date.now() - 60_000);
    await story.detect({ newest });
    await story.detect({ newest: new Date(Date.now() - 600_000), trouble: 'half a group came' });
    const { rows } = await database.db.$client.query(
      'SELECT cursor, last_error, looks, read_by FROM watch_state WHERE org_id = $1',
      [story.orgId],
    );
    expect(rows).toMatchObject([
      {
        cursor: { lastModified: newest.toISOString() },
        last_error: 'half a group came',
        looks: 2,
        read_by: 'scim',
      },
    ]);
  });
});
