import { purge } from '../../../src/db/admin/retention';
import { closeReactions } from '../../../src/db/watch/close-reactions';
import { countReactions } from '../../../src/db/watch/reactions';
import { aLicense } from '../../domain/builders';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { longAgo, MirrorStory } from '../../support/mirror-story';

describe('reactions of the watch', () => {
  let database: TestDatabase;
  let story: MirrorStory;

  beforeAll(async () => {
    database = await createTestDatabase({ writableMirror: true });
  });
  beforeEach(async () => {
    story = new MirrorStory(database.db);
    await story.template('sales');
    await story.users(longAgo, ['FMS'], 'ann', 'bob', 'cleo');
    await story.groups({ sales: [] });
    await story.detect();
  });
  afterAll(() => database.drop());

  async function annJoins(): Promise<void> {
    await story.groups({ sales: ['ann'] });
    await story.detect();
  }

  it('R25 a user with an open row in a running rollout is left to it, and taken afterwards', async () => {
    await annJoins();
    const running = await story.rollout('rolling-out');
    await story.row(running, { seq: 1, personId: 'ann', outcome: 'planned' });
    expect(await story.takeable()).toEqual([]);
    expect(await countReactions(database.db, story.orgId)).toMatchObject({
      waiting: 1,
      deferred: 1,
    });
    await database.db.$client.query(
      "UPDATE rollout_user SET outcome = 'applied' WHERE rollout_id = $1",
      [running],
    );
    expect(await story.takeable()).toEqual(['ann']);
    expect(await countReactions(database.db, story.orgId)).toMatchObject({
      waiting: 1,
      deferred: 0,
    });
  });

  it('R25 a plan that nobody has started holds nobody back', async () => {
    await annJoins();
    const planned = await story.rollout('planned', { isStarted: false });
    await story.row(planned, { seq: 1, personId: 'ann', outcome: 'planned' });
    expect(await story.takeable()).toEqual(['ann']);
  });

  it('R14 users of a plan of the watch that waits are not taken again', async () => {
    await annJoins();
    await story.take(await story.rollout('planned', { isStarted: false }));
    await story.groups({ sales: [] });
    await story.groups({ sales: ['ann', 'bob'] });
    await story.settings({ preserveOnGroupTransition: false });
    await story.groups({ sales: ['bob'] });
    await story.detect();
    expect(await story.takeable()).toEqual(['bob']);
  });

  it.each([
    ['completed', true, ['ann add joined closed']],
    ['aborted', true, ['ann add joined closed']],
    ['discarded', false, ['ann add joined closed']],
    ['verifying', true, ['ann add joined taken']],
    ['expired', false, ['ann add joined closed', 'ann add joined waits']],
    ['halted', true, ['ann add joined taken']],
    ['failed', true, ['ann add joined closed', 'ann add joined waits']],
    ['failed', false, ['ann add joined closed', 'ann add joined waits']],
  ] as const)('R14 a rollout that is %s (started: %s)', async (phase, isStarted, lines) => {
    await annJoins();
    await story.take(await story.rollout(phase, { isStarted, automatic: true }));
    await closeReactions(database.db, story.orgId);
    expect(await story.reactions()).toEqual(lines);
  });

  it('R14 a user who changed between plan and write is checked again', async () => {
    await annJoins();
    const rolloutId = await story.rollout('completed', { automatic: true });
    await story.take(rolloutId);
    await story.row(rolloutId, { seq: 1, personId: 'ann', outcome: 'conflict' });
    await closeReactions(database.db, story.orgId);
    expect(await story.reactions()).toEqual(['ann add joined closed', 'ann add joined waits']);
  });

  it('R101 users of an automatic plan that expired because it was out of date are found again', async () => {
    await annJoins();
    const rolloutId = await story.rollout('expired', { automatic: true, isStarted: false });
    await story.take(rolloutId);
    await story.row(rolloutId, { seq: 1, personId: 'ann', outcome: 'planned' });
    expect(await story.takeable()).toEqual([]);
    await closeReactions(database.db, story.orgId);
    expect(await story.reactions()).toEqual(['ann add joined closed', 'ann add joined waits']);
    expect(await story.takeable()).toEqual(['ann']);
  });

  describe('with users who wait for a unit', () => {
    const units = (total: number) =>
      story.licenses(aLicense('EE@a.webex.com', { total, used: 5 }), aLicense('FMS'));

    async function waiters(phase: 'completed' | 'rolling-out' | 'aborted'): Promise<string> {
      const rolloutId = await story.rollout(phase);
      for (const [at, personId] of ['bob', 'ann', 'cleo'].entries()) {
        const outcome = 'waiting-for-seat';
        const waitsFor = 'EE@a.webex.com';
        await story.row(rolloutId, { seq: at + 1, personId, outcome, waitsFor });
      }
      return rolloutId;
    }

    it('R46 nobody is found while there is no unit', async () => {
      await units(5);
      await waiters('completed');
      expect(await story.detect()).toMatchObject({ found: {} });
    });

    it('R46 as many are found as there are units, in order of service, and each once', async () => {
      await units(7);
      const waitedIn = await waiters('completed');
      expect(await story.detect()).toMatchObject({ found: { 'units-free': 2 } });
      const lines = ['ann waiting units-free waits', 'bob waiting units-free waits'];
      expect(await story.reactions()).toEqual(lines);
      const rolloutId = await story.rollout('planning', { automatic: true, isStarted: false });
      await story.take(rolloutId);
      const { rows } = await database.db.$client.query(
        `SELECT person_id FROM rollout_user WHERE rollout_id = $1 AND taken_up_by = $2
         ORDER BY person_id`,
        [waitedIn, rolloutId],
      );
      expect(rows).toEqual([{ person_id: 'ann' }, { person_id: 'bob' }]);
    });

    it.each(['rolling-out', 'aborted'] as const)(
      'R46 R25 users of a rollout that is %s are left alone',
      async (phase) => {
        await units(9);
        await waiters(phase);
        expect(await story.detect()).toMatchObject({ found: {} });
      },
    );

    it('R107 a later rollout that does nothing about it ends no wait', async () => {
      await units(9);
      await waiters('completed');
      const later = await story.rollout('completed');
      await story.row(later, { seq: 1, personId: 'bob', outcome: 'unchanged' });
      expect(await story.detect()).toMatchObject({ found: { 'units-free': 3 } });
    });
  });

  it('forgets reactions and memberships of users whose time is over', async () => {
    await annJoins();
    await story.take(await story.rollout('completed', { automatic: true }));
    await closeReactions(database.db, story.orgId);
    await database.db.$client.query(
      `UPDATE reaction SET closed_at = now() - interval '40 days' WHERE org_id = $1`,
      [story.orgId],
    );
    await database.db.$client.query(
      `UPDATE directory_user SET gone_at = now() - interval '40 days'
       WHERE org_id = $1 AND person_id = 'ann'`,
      [story.orgId],
    );
    await purge(database.db, 30);
    await purge(database.db, 30);
    expect(await story.reactions()).toEqual([]);
    const { rows } = await database.db.$client.query(
      'SELECT 1 FROM watch_member WHERE org_id = $1',
      [story.orgId],
    );
    expect(rows).toEqual([]);
  });
});
