import { closeReactions } from '../../../src/db/watch/close-reactions';
import { listGivenUp, tryGivenUpAgain } from '../../../src/db/watch/given-up';
import { countReactions, listHalted } from '../../../src/db/watch/reactions';
import type { Phase } from '../../../src/domain/rollout/rollout-phase';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { longAgo, MirrorStory } from '../../support/mirror-story';

describe('users of the watch whose write failed', () => {
  let database: TestDatabase;
  let story: MirrorStory;

  beforeAll(async () => {
    database = await createTestDatabase({ writableMirror: true });
  });
  beforeEach(async () => {
    story = new MirrorStory(database.db);
    await story.template(null);
    await story.users(longAgo, ['FMS'], 'bob');
    await story.detect();
    await story.users(new Date(Date.now() + 1_000), ['FMS'], 'ann');
    await story.detect();
  });
  afterAll(() => database.drop());

  const query = (text: string, ...values: unknown[]) =>
    database.db.$client.query<Record<string, unknown>>(text, [story.orgId, ...values]);

  /** One rollout takes all who wait, and ends so for ann. */
  async function ends(outcome: string, phase: Phase = 'completed'): Promise<void> {
    const rolloutId = await story.rollout(phase, { automatic: true });
    await story.take(rolloutId);
    await story.row(rolloutId, { seq: 1, personId: 'ann', outcome });
    await query("UPDATE rollout_user SET detail = 'not found' WHERE org_id = $1");
    await closeReactions(database.db, story.orgId);
  }

  async function waiting(): Promise<unknown> {
    const { rows } = await query(
      `SELECT mode, attempts, failure, causes->0->>'kind' AS cause,
         round(extract(epoch FROM not_before - now()) / 60)::int AS minutes
       FROM reaction WHERE org_id = $1 AND rollout_id IS NULL AND closed_at IS NULL`,
    );
    return rows;
  }

  async function timePasses(minutes: number): Promise<void> {
    await query(
      `UPDATE reaction SET found_at = found_at - make_interval(mins => $2),
         not_before = not_before - make_interval(mins => $2) WHERE org_id = $1`,
      minutes,
    );
  }

  const again = { mode: 'new', failure: 'not found', cause: 'new-user' };

  it('R100 a new user whose first write is refused once is tried at the next check, as a new user', async () => {
    await ends('failed');
    expect(await waiting()).toEqual([{ ...again, attempts: 1, minutes: 0 }]);
    expect(await story.takeable()).toEqual(['ann']);
    expect(await countReactions(database.db, story.orgId)).toMatchObject({ retrying: 1 });
    await ends('converged');
    expect(await waiting()).toEqual([]);
    expect(await listGivenUp(database.db, story.orgId, 10)).toEqual({ users: 0, first: [] });
  });

  it('R100 repeats back off: 15 minutes, an hour, four hours', async () => {
    const minutes = [];
    for (let failures = 1; failures <= 5; failures += 1) {
      await ends('failed');
      const [row] = (await waiting()) as { minutes: number }[];
      minutes.push(row?.minutes);
      const isDue = (await story.takeable()).length === 1;
      expect(isDue).toBe(failures === 1);
      await timePasses(row?.minutes ?? 0);
    }
    expect(minutes).toEqual([0, 15, 60, 240, 240]);
  });

  it('R100 after a day the user is listed as waiting for a person, who can try again', async () => {
    await ends('failed');
    await timePasses(24 * 60);
    await ends('failed');
    expect(await waiting()).toEqual([]);
    const { users, first } = await listGivenUp(database.db, story.orgId, 10);
    expect({ users, first }).toMatchObject({
      users: 1,
      first: [{ personId: 'ann', attempts: 2, failure: 'not found' }],
    });
    expect(await tryGivenUpAgain(database.db, story.orgId)).toBe(1);
    expect(await tryGivenUpAgain(database.db, story.orgId)).toBe(0);
    expect(await story.takeable()).toEqual(['ann']);
    expect(await listGivenUp(database.db, story.orgId, 10)).toMatchObject({ users: 0 });
  });

  it.each<[string, string, Phase, number]>([
    ['failed while others are still verified', 'failed', 'verifying', 1],
    ['partly refused', 'partial', 'completed', 1],
    ['"not found", although the mirror shows the user', 'gone', 'completed', 1],
    ['withheld because the rollout failed', 'withheld', 'failed', 1],
    ['withheld because a person aborted it', 'withheld', 'aborted', 0],
    ['failed before a person aborted it', 'failed', 'aborted', 1],
    ['written, and not seen yet', 'applied', 'verifying', 0],
    ['written and seen', 'converged', 'completed', 0],
    ['written, although the rollout failed later', 'applied', 'failed', 0],
    ['written, and not seen until the deadline', 'unconverged', 'completed', 1],
    ['not seen until the deadline, after a person aborted it', 'unconverged', 'aborted', 1],
  ])('R100 R25 %s', async (_, outcome, phase, users) => {
    await ends(outcome, phase);
    expect(await waiting()).toHaveLength(users);
  });

  /** Webex accepted the write of ann so long ago. */
  async function accepted(hours: number): Promise<void> {
    await query(
      `UPDATE directory_user SET answered = '{"licenses": [], "attendeeSites": null}',
         answered_at = now() - make_interval(hours => $2) WHERE org_id = $1 AND person_id = 'ann'`,
      hours,
    );
  }

  it('R100 R80a who was never seen as written is written once more, then listed', async () => {
    await accepted(23);
    await ends('unconverged');
    expect(await waiting()).toEqual([{ ...again, attempts: 1, minutes: 60 }]);
    expect(await story.takeable()).toEqual([]);
    await timePasses(60);
    expect(await story.takeable()).toEqual(['ann']);
    await timePasses(24 * 60);
    await ends('unconverged');
    expect(await waiting()).toEqual([]);
    const { first } = await listGivenUp(database.db, story.orgId, 10);
    expect(first).toMatchObject([{ personId: 'ann', attempts: 2, failure: 'not found' }]);
  });

  it('R100 R80a asked by a person, it waits until the answer is no longer believed', async () => {
    await accepted(22);
    await ends('failed');
    await ends('unconverged');
    expect(await listGivenUp(database.db, story.orgId, 10)).toMatchObject({ users: 1 });
    expect(await tryGivenUpAgain(database.db, story.orgId)).toBe(1);
    expect(await waiting()).toMatchObject([{ attempts: 0, minutes: 120 }]);
  });

  it('R99 R100 a reaction stays open while the users of an ended rollout are verified', async () => {
    const rolloutId = await story.rollout('aborted', { automatic: true });
    await story.take(rolloutId);
    await story.row(rolloutId, { seq: 1, personId: 'ann', outcome: 'applied' });
    await query('UPDATE rollout SET verifying_until = now() WHERE org_id = $1');
    await closeReactions(database.db, story.orgId);
    expect(await waiting()).toEqual([]);
    await query("UPDATE rollout_user SET outcome = 'unconverged' WHERE org_id = $1");
    await query('UPDATE rollout SET verifying_until = NULL WHERE org_id = $1');
    await closeReactions(database.db, story.orgId);
    expect(await waiting()).toMatchObject([{ mode: 'new', attempts: 1 }]);
  });

  it('R100 R107 who got a unit and was never seen to hold it is written once more, then listed', async () => {
    const asWaiting = () =>
      query("UPDATE reaction SET mode = 'waiting' WHERE org_id = $1 AND closed_at IS NULL");
    await asWaiting();
    await ends('unconverged');
    expect(await waiting()).toMatchObject([{ mode: 'waiting', attempts: 1 }]);
    await ends('unconverged');
    expect(await waiting()).toEqual([]);
    expect(await listGivenUp(database.db, story.orgId, 10)).toMatchObject({ users: 1 });
  });

  it('R100 what is found since is no repeat: the user is tried at once', async () => {
    await ends('failed');
    await ends('failed');
    expect(await story.takeable()).toEqual([]);
    await story.template('sales');
    await story.groups({ sales: [] });
    await story.detect();
    await story.groups({ sales: ['ann'] });
    await story.detect();
    expect(await story.takeable()).toEqual(['ann']);
    expect(await waiting()).toMatchObject([{ mode: 'new', attempts: 2 }]);
  });

  it('R25 names reactions that are halted', async () => {
    await ends('planned', 'halted');
    const [halted] = await listHalted(database.db, story.orgId);
    expect(halted).toMatchObject({ users: 1, reason: 'halted' });
  });
});
