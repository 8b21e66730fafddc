import { findWritingRollout } from '../../../src/db/rollout/rollouts';
import { readLastDay } from '../../../src/db/watch/last-day';
import { licenseId } from '../../domain/builders';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { longAgo, MirrorStory } from '../../support/mirror-story';

describe('what automatic rollouts did in the last 24 hours', () => {
  let database: TestDatabase;
  let story: MirrorStory;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  beforeEach(async () => {
    story = new MirrorStory(database.db);
    await story.settings({ preserveOnGroupTransition: false });
    await story.template('sales');
    await story.users(longAgo, ['FMS'], 'ann', 'bob', 'cleo');
    await story.groups({ sales: ['ann', 'bob', 'cleo'] });
    await story.detect();
  });
  afterAll(() => database.drop());

  const removal = (rule: string) => ({
    operation: 'remove',
    target: { kind: 'license', licenseId: licenseId('RTT'), offer: 'RTT', site: null },
    reason: { code: 'not-granted', text: 'not granted', rule, templates: [] },
  });
  const automatic = { automatic: true };

  async function figures() {
    const { losing, written, failed } = await readLastDay(database.db, story.orgId);
    return { losing: [...losing].sort(), written, failed };
  }

  async function age(rolloutId: string, hours: number): Promise<void> {
    await database.db.$client.query(
      `UPDATE rollout SET created_at = now() - make_interval(hours => $2),
         started_at = now() - make_interval(hours => $2) WHERE rollout_id = $1`,
      [rolloutId, hours],
    );
  }

  /** One user each, in an automatic rollout that is so many hours old. */
  async function wrote(personId: string, outcome: string, hours: number): Promise<void> {
    const rolloutId = await story.rollout('completed', automatic);
    const changes = [removal('R29')];
    await story.row(rolloutId, { seq: 1, personId, outcome, changes });
    await database.db.$client.query('UPDATE rollout_user SET attempts = 1 WHERE rollout_id = $1', [
      rolloutId,
    ]);
    await age(rolloutId, hours);
  }

  it('R106 counts distinct users who lost something, and only for 24 hours', async () => {
    await wrote('ann', 'converged', 30);
    expect(await figures()).toEqual({ losing: [], written: 0, failed: 0 });
    await wrote('ann', 'converged', 20);
    await wrote('ann', 'converged', 2);
    await wrote('bob', 'applied', 1);
    await wrote('cleo', 'conflict', 1);
    expect(await figures()).toMatchObject({ losing: ['ann', 'bob'] });
  });

  it('R106 R22 R19b counts neither free licenses of new users nor replacements, nor what people start', async () => {
    const rolloutId = await story.rollout('completed', automatic);
    const changes = [removal('R22'), removal('R19b')];
    await story.row(rolloutId, { seq: 1, personId: 'ann', outcome: 'converged', changes });
    const byPerson = await story.rollout('completed');
    const loss = [removal('R29')];
    await story.row(byPerson, { seq: 1, personId: 'bob', outcome: 'converged', changes: loss });
    expect(await figures()).toMatchObject({ losing: [] });
  });

  it('R106 counts users whom an automatic rollout is still planning', async () => {
    await story.groups({ sales: ['ann'] });
    await story.detect();
    await story.take(await story.rollout('planning', { automatic: true, isStarted: false }));
    expect(await figures()).toMatchObject({ losing: ['bob', 'cleo'] });
  });

  it('R100 R106 counts a user who fails again once, and one who succeeds in the end not at all', async () => {
    for (const hours of [5, 4, 3]) await wrote('ann', 'failed', hours);
    await wrote('bob', 'failed', 5);
    await wrote('bob', 'converged', 4);
    await wrote('cleo', 'partial', 2);
    expect(await figures()).toMatchObject({ written: 3, failed: 2 });
  });

  it('R106 a person who starts a plan of the watch accepts the failures before that', async () => {
    await wrote('ann', 'failed', 5);
    await age(await story.rollout('completed'), 4);
    expect(await figures()).toMatchObject({ written: 0, failed: 0 });
    await wrote('bob', 'failed', 1);
    expect(await figures()).toMatchObject({ written: 1, failed: 1 });
  });

  it('R25 an automatic rollout keeps nobody from starting', async () => {
    for (const phase of ['rolling-out', 'halted'] as const) {
      await story.rollout(phase, automatic);
      expect(await findWritingRollout(database.db, story.orgId)).toBeUndefined();
    }
    const rolloutId = await story.rollout('rolling-out');
    expect(await findWritingRollout(database.db, story.orgId)).toMatchObject({ rolloutId });
  });
});
