import { readContext } from '../../../src/activities/plan/read-context';
import { endWaits } from '../../../src/activities/watch/end-waits';
import { findRollout } from '../../../src/db/rollout/rollouts';
import { readWaits } from '../../../src/db/rollout/progress/wait-facts';
import { listRolloutsOfUser } from '../../../src/db/users/user-history';
import { templatesInForce } from '../../../src/db/templates/templates';
import { completeRequest } from '../../../src/domain/kinds/complete-request';
import type { Change } from '../../../src/domain/model/change';
import type { Phase } from '../../../src/domain/rollout/rollout-phase';
import { aLicense, aTarget, aWithheldChange } from '../../domain/builders';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { longAgo, MirrorStory } from '../../support/mirror-story';

/** Ann is a member of `sales`, whose template grants MS, and waits for a unit of it. RTT goes with it. */
describe('a user who waits for a unit', () => {
  let database: TestDatabase;
  let story: MirrorStory;
  let waitedIn: string;
  beforeAll(async () => {
    database = await createTestDatabase({ writableMirror: true });
  });
  afterAll(() => database.drop());

  const run = <T extends object>(query: string, values: unknown[]) =>
    database.db.$client.query<T>(query, values);
  const units = (left: number) =>
    story.licenses(
      aLicense('MS', { total: 10, used: 10 - left }),
      aLicense('RTT', { total: 10, used: 1 }),
      aLicense('FMS'),
    );

  async function granted(...specs: string[]): Promise<Change[]> {
    const template = (await templatesInForce(database.db, story.orgId))[0]!;
    return specs.map((spec) => aWithheldChange(spec, 'granted', template));
  }

  async function waits(changes: readonly Change[], phase: Phase = 'completed'): Promise<string> {
    const rolloutId = await story.rollout(phase);
    const outcome = 'waiting-for-seat';
    await story.row(rolloutId, { seq: 1, personId: 'ann', outcome, waiting: changes });
    return rolloutId;
  }

  async function endOfWait(rolloutId = waitedIn) {
    const { rows } = await run<{ over: Record<string, string> | null; isOver: boolean }>(
      `SELECT waits_over AS over, wait_ended_at IS NOT NULL AS "isOver" FROM rollout_user
       WHERE rollout_id = $1`,
      [rolloutId],
    );
    const [{ over, isOver } = { over: null, isOver: false }] = rows;
    return { why: Object.values(over ?? {}).sort(), isOver };
  }

  beforeEach(async () => {
    story = new MirrorStory(database.db);
    await units(0);
    await story.template('sales');
    await story.users(longAgo, ['FMS', 'RTT'], 'ann');
    await story.groups({ sales: ['ann'] });
    await story.detect();
    waitedIn = await waits(await granted('+MS', '-RTT'));
  });

  it('R107 goes on waiting whatever other rollouts do meanwhile, and is served', async () => {
    const later = await story.rollout('completed');
    const changes = [aWithheldChange('+CJPSTD', 'csv')];
    await story.row(later, { seq: 1, personId: 'ann', outcome: 'converged', changes });
    expect(await story.detect()).toMatchObject({ found: {} });
    expect(await endOfWait()).toEqual({ why: [], isOver: false });
    await units(1);
    expect(await story.detect()).toMatchObject({ found: { 'units-free': 1 } });
  });

  it('R46 gives nobody a unit that was used since Webex counted, and plans without it too', async () => {
    await units(1);
    const used = await story.rollout('completed');
    const { id } = aLicense('MS');
    await run(
      `INSERT INTO ledger (org_id, person_id, rollout_id, seq, operation, target, change, actor)
       VALUES ($1, 'ben', $2, 1, 'add', $3, '{}', 'rollout')`,
      [story.orgId, used, id],
    );
    expect((await story.detect()).found).toEqual({});
    const request = completeRequest({ change: { kind: 'reconcile' } });
    const templates = { templates: [], ending: null };
    const asked = { orgId: story.orgId, request, templates };
    const { licenses } = await readContext(database.db, asked);
    expect(licenses.find((license) => license.id === id)).toMatchObject({ consumedUnits: 10 });
    await units(1);
    expect((await story.detect()).found).toEqual({ 'units-free': 1 });
  });

  /** Zoe stays: that nobody is left would have to be confirmed first. */
  async function leaves() {
    await story.users(longAgo, ['FMS'], 'zoe');
    await story.gone('ann');
  }

  interface Case {
    title: string;
    happens: () => Promise<unknown>;
    ends: string[];
  }
  const cases: Case[] = [
    {
      title: 'holds it',
      happens: () => story.users(longAgo, ['FMS', 'RTT', 'MS'], 'ann'),
      ends: ['held', 'with-addition'],
    },
    {
      title: 'has lost the template that granted it',
      happens: () => run('UPDATE template SET deleted_at = now() WHERE org_id = $1', [story.orgId]),
      ends: ['not-granted', 'with-addition'],
    },
    {
      title: 'is no longer in the organization',
      happens: () => leaves(),
      ends: ['gone', 'gone'],
    },
    {
      title: 'has left the group',
      happens: () => story.groups({ sales: [] }),
      ends: ['not-granted', 'with-addition'],
    },
    {
      title: 'gets it by a rollout that was started later',
      happens: async () => {
        const later = await story.rollout('completed');
        const changes = [aWithheldChange('+MS', 'csv')];
        await story.row(later, { seq: 1, personId: 'ann', outcome: 'applied', changes });
      },
      ends: ['taken', 'with-addition'],
    },
    {
      title: 'is refused it by a rollout that was started later',
      happens: async () => {
        const later = await story.rollout('completed');
        const kept = [{ code: 'wait-ends', text: '', rule: 'R107', target: aTarget('MS') }];
        await story.row(later, { seq: 1, personId: 'ann', outcome: 'unchanged', kept });
      },
      ends: ['refused', 'with-addition'],
    },
  ];

  it.each(cases)(
    'R107 waits no longer who $title, and nothing more is taken or given',
    async ({ happens, ends }) => {
      await happens();
      await story.detect();
      await story.detect();
      expect(await endOfWait()).toEqual({ why: ends, isOver: true });
      await story.template('sales-too');
      await story.groups({ sales: ['ann'], 'sales-too': ['ann'] });
      await units(5);
      const { found } = await story.detect();
      expect(found).not.toHaveProperty('units-free');
    },
  );

  it('R107 nobody is told that users wait for what they hold, or that users who are gone wait', async () => {
    const shown = async () => {
      const row = await findRollout(database.db, story.orgId, waitedIn);
      const { withoutUnit } = await readWaits(database.db, row!);
      const user = { orgId: story.orgId, personId: 'ann', limit: 10 };
      const [ofUser] = await listRolloutsOfUser(database.db, user);
      return [withoutUnit, ofUser?.waits];
    };
    expect(await shown()).toEqual([1, true]);
    await story.users(longAgo, ['FMS', 'RTT', 'MS'], 'ann');
    expect(await shown()).toEqual([0, false]);
    await story.users(longAgo, ['FMS', 'RTT'], 'ann');
    expect(await shown()).toEqual([1, true]);
    await leaves();
    expect(await shown()).toEqual([0, false]);
  });

  it.each<[Phase, boolean, boolean]>([
    ['discarded', false, false],
    ['expired', false, false],
    ['failed', false, false],
    ['planned', false, false],
    ['halted', true, true],
    ['verifying', true, true],
    ['completed', true, true],
    ['aborted', true, false],
  ])(
    'R107 of a rollout that is %s, started: %s, users wait: %s',
    async (phase, isStarted, waits) => {
      await run('DELETE FROM rollout_user WHERE rollout_id = $1', [waitedIn]);
      const rolloutId = await story.rollout(phase, { isStarted });
      const outcome = 'waiting-for-seat';
      await story.row(rolloutId, { seq: 1, personId: 'ann', outcome, waitsFor: 'MS' });
      const user = { orgId: story.orgId, personId: 'ann', limit: 10 };
      const [ofUser] = await listRolloutsOfUser(database.db, user);
      expect(ofUser?.waits).toBe(waits);
    },
  );

  it.each(['withheld', 'conflict', 'failed', 'excluded', 'planned'])(
    'R107 goes on waiting if a later rollout was to make the change, but the user is %s',
    async (outcome) => {
      const later = await story.rollout('completed');
      const changes = [aWithheldChange('+MS', 'csv')];
      await story.row(later, { seq: 1, personId: 'ann', outcome, changes });
      await story.detect();
      expect(await endOfWait()).toEqual({ why: [], isOver: false });
    },
  );

  describe.each<Phase>(['completed', 'halted', 'aborted', 'failed'])(
    'who lost a license in a rollout that is %s',
    (phase) => {
      const lost = () => [aWithheldChange('+MS', 'put-back')];
      let lostIn: string;
      beforeEach(async () => {
        await run('DELETE FROM rollout_user WHERE rollout_id = $1', [waitedIn]);
        lostIn = await story.rollout(phase);
        const row = { seq: 1, personId: 'ann', outcome: 'failed', waiting: lost() };
        await story.row(lostIn, row);
      });

      it('R95 R107 gets the next unit, although no template grants it', async () => {
        await story.groups({ sales: [] });
        await story.detect();
        expect(await endOfWait(lostIn)).toEqual({ why: [], isOver: false });
        await units(1);
        const { found } = await story.detect();
        expect(found).toMatchObject({ 'units-free': 1 });
      });

      it('R95 R107 waits no longer once they hold it again', async () => {
        await story.users(longAgo, ['FMS', 'RTT', 'MS'], 'ann');
        await units(1);
        const { found } = await story.detect();
        expect(await endOfWait(lostIn)).toEqual({ why: ['held'], isOver: true });
        expect(found).not.toHaveProperty('units-free');
      });
    },
  );

  it('R89 R107 goes on waiting while a read of the group misses the user once', async () => {
    await run('DELETE FROM directory_member WHERE org_id = $1', [story.orgId]);
    await run(
      `INSERT INTO watch_member (org_id, group_id, person_id) VALUES ($1, 'sales', 'ann')
       ON CONFLICT DO NOTHING`,
      [story.orgId],
    );
    await endWaits(database.db, story.orgId, [aLicense('MS', { total: 1 })]);
    expect(await endOfWait()).toEqual({ why: [], isOver: false });
  });

  it('R107 ends what a file asked for after 30 days, counted from the import', async () => {
    const asked = await waits([aWithheldChange('+RTT#2', 'csv'), aWithheldChange('-FMS', 'csv')]);
    await run(`UPDATE directory_user SET licenses = '[]' WHERE org_id = $1`, [story.orgId]);
    const ago = (days: number) =>
      run(
        `UPDATE rollout_user SET waits_since = now() - $2 * interval '1 day' WHERE rollout_id = $1`,
        [asked, days],
      );
    await ago(29);
    await story.detect();
    expect(await endOfWait(asked)).toEqual({ why: [], isOver: false });
    await ago(31);
    await story.detect();
    expect(await endOfWait(asked)).toEqual({ why: ['expired', 'with-addition'], isOver: true });
    expect(await endOfWait()).toMatchObject({ isOver: false });
  });

  it.each([
    ['failed', 1],
    ['conflict', 1],
    ['withheld', 1],
    ['left out of the plan', 1],
    ['converged', 0],
  ])(
    'R102 R107 waits again, or not, after the rollout that continued it ended with the user %s',
    async (outcome, served) => {
      const next = await story.rollout('completed');
      if (outcome !== 'left out of the plan') {
        await story.row(next, { seq: 1, personId: 'ann', outcome });
      }
      await run(
        `UPDATE rollout SET request = '{"change": {"kind": "csv"}}', replan_of = $2,
           ended_at = now() - interval '2 hours' WHERE rollout_id = $1`,
        [next, waitedIn],
      );
      await run('UPDATE rollout_user SET taken_up_by = $2 WHERE rollout_id = $1', [waitedIn, next]);
      await units(1);
      const { found } = await story.detect();
      expect(found).toEqual(served === 0 ? {} : { 'units-free': served });
    },
  );

  it('R102 R107 is served after a rollout at a gate handed over to one that was discarded', async () => {
    await run(`UPDATE rollout SET phase = 'aborted' WHERE rollout_id = $1`, [waitedIn]);
    await units(1);
    const shown = async () => {
      const row = await findRollout(database.db, story.orgId, waitedIn);
      return (await readWaits(database.db, row!)).withoutUnit;
    };
    expect([(await story.detect()).found, await shown()]).toEqual([{}, 0]);
    const next = await story.rollout('discarded', { isStarted: false });
    await run('UPDATE rollout SET replan_of = $2 WHERE rollout_id = $1', [next, waitedIn]);
    expect(await shown()).toBe(1);
    expect((await story.detect()).found).toEqual({ 'units-free': 1 });
  });

  it.each([
    ['failed', true],
    ['withheld', true],
    ['conflict', true],
    ['converged', false],
    ['waiting-for-seat', false],
  ])(
    'R107 waits again, or not, after the rollout that took it up ended as %s',
    async (outcome, isAgain) => {
      const taker = await story.rollout('completed', { automatic: true });
      await story.row(taker, { seq: 1, personId: 'ann', outcome });
      await run('UPDATE rollout_user SET taken_up_by = $2 WHERE rollout_id = $1', [
        waitedIn,
        taker,
      ]);
      await units(1);
      expect(await story.detect()).toMatchObject({ found: {} });
      await run(`UPDATE rollout SET ended_at = now() - interval '2 hours' WHERE rollout_id = $1`, [
        taker,
      ]);
      expect(await story.detect()).toMatchObject({ found: isAgain ? { 'units-free': 1 } : {} });
    },
  );
});
