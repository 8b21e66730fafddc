import type { CandidateReach } from '../../../src/db/plan/reach-sql';
import { readCandidates } from '../../../src/db/plan/read-candidates';
import { keepWaitingSince } from '../../../src/db/plan/plan-store';
import { recordMove } from '../../../src/db/rollout/record-move';
import { countLeft, takeUpLeft, type Taking } from '../../../src/db/rollout/taken-rows';
import { templatesInForce } from '../../../src/db/templates/templates';
import type { Phase } from '../../../src/domain/rollout/rollout-phase';
import { aLicense, aWithheldChange } from '../../domain/builders';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { longAgo, MirrorStory } from '../../support/mirror-story';
import { valueOf } from '../../support/seed';

/**
 * A rollout gave MS to nobody: for Ann there was no unit, Ben failed. It is planned again. Ann and Ben
 * are members of `sales`, whose template grants MS.
 */
describe('what a plan takes up from another rollout', () => {
  let database: TestDatabase;
  let story: MirrorStory;
  let first: string;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    story = new MirrorStory(database.db);
    await units(0);
    await story.template('sales');
    await story.users(longAgo, ['FMS'], 'ann', 'ben');
    await story.groups({ sales: ['ann', 'ben'] });
    await story.detect();
    first = await story.rollout('completed');
    const waiting = await added();
    await story.row(first, { seq: 1, personId: 'ann', outcome: 'waiting-for-seat', waiting });
    await story.row(first, { seq: 2, personId: 'ben', outcome: 'failed', changes: waiting });
  });

  const run = (query: string, values: unknown[]) => database.db.$client.query(query, values);
  const units = (left: number) =>
    story.licenses(aLicense('MS', { total: 10, used: 10 - left }), aLicense('FMS'));
  async function added() {
    const [template] = await templatesInForce(database.db, story.orgId);
    return [aWithheldChange('+MS', 'granted', template)];
  }

  interface Planned {
    ann?: { outcome: string; waits?: boolean };
    phase?: Phase;
  }

  /** A plan for both, as planning stores it. */
  async function successor({ ann = { outcome: 'planned' }, phase = 'planned' }: Planned = {}) {
    const by = await story.rollout(phase, { isStarted: false });
    await run(
      `UPDATE rollout SET replan_of = $2, ended_at = NULL, request = '{"change": {"kind": "csv"}}'
       WHERE rollout_id = $1`,
      [by, first],
    );
    const left = await takeUpLeft(database.db, { from: first, by });
    const persons = await read({ kind: 'everybody' }, { from: first, by });
    const changes = await added();
    const whatAnnGets = ann.waits === true ? { waiting: changes } : { changes };
    await story.row(by, { seq: 1, personId: 'ann', outcome: ann.outcome, ...whatAnnGets });
    await story.row(by, { seq: 2, personId: 'ben', outcome: 'planned', changes });
    return { by, left, persons };
  }

  async function read(reach: CandidateReach, taken?: Taking) {
    const found = [];
    const pages = readCandidates(database.db, {
      orgId: story.orgId,
      groups: [],
      reach,
      pilotUsers: [],
      pilotGroups: [],
      withProvenance: false,
      withCalling: false,
      ...(taken ? { taken } : {}),
    });
    for await (const page of pages) found.push(...page);
    return found;
  }

  const move = (rolloutId: string, from: Phase, to: Phase) =>
    recordMove(database.db, {
      orgId: story.orgId,
      rolloutId,
      from,
      to,
      version: 2,
      actor: { name: 'tester', role: 'approver' },
      reason: '',
      waitingFor: null,
    });

  /** By whom each of Ann and Ben is taken up. */
  const takers = () =>
    valueOf<(string | null)[]>(
      database.db,
      'SELECT jsonb_agg(taken_up_by ORDER BY seq) FROM rollout_user WHERE rollout_id = $1',
      [first],
    );
  const outcomeOfAnn = (rolloutId: string) =>
    valueOf<string>(
      database.db,
      'SELECT outcome FROM rollout_user WHERE rollout_id = $1 AND person_id = $2',
      [rolloutId, 'ann'],
    );
  const found = async () => (await story.detect()).found;

  it('R102 R107 reads who waits, and leaves them to the watch until it is started', async () => {
    const { by, left, persons } = await successor();
    expect(left).toEqual([
      { outcome: 'failed', users: 1 },
      { outcome: 'waiting-for-seat', users: 1 },
    ]);
    expect(persons.map(({ personId, waits }) => [personId, waits])).toEqual([
      ['ann', undefined],
      ['ben', undefined],
    ]);
    expect(await takers()).toEqual([null, by]);
    await units(1);
    expect(await found()).toEqual({ 'units-free': 1 });
  });

  it('R102 R107 its start takes up who waits, once', async () => {
    const { by } = await successor();
    await move(by, 'planned', 'rolling-out');
    await move(by, 'planned', 'rolling-out');
    expect(await takers()).toEqual([by, by]);
    expect(await outcomeOfAnn(by)).toBe('planned');
    await units(1);
    expect(await found()).toEqual({});
    expect((await countLeft(database.db, first)).left).toBe(0);
  });

  it('R102 R107 whom the watch serves before its start it does not write too', async () => {
    const { by } = await successor();
    await units(1);
    await story.detect();
    const reaction = await story.rollout('rolling-out', { automatic: true });
    await story.take(reaction);
    await move(by, 'planned', 'rolling-out');
    expect(await takers()).toEqual([reaction, by]);
    expect(await outcomeOfAnn(by)).toBe('conflict');
  });

  it('R102 R107 what the watch found before its start and plans after it is nothing', async () => {
    const { by } = await successor();
    await units(1);
    await story.detect();
    await move(by, 'planned', 'rolling-out');
    await run(`UPDATE rollout_user SET outcome = 'applied' WHERE rollout_id = $1`, [by]);
    const reaction = await story.rollout('planning', { automatic: true, isStarted: false });
    await story.take(reaction);
    expect(await takers()).toEqual([by, by]);
    const candidates = await read({ kind: 'reconcile', rolloutId: reaction });
    expect(candidates).toMatchObject([{ personId: 'ann', waiting: [] }]);
  });

  it.each([
    ['unchanged', null],
    ['excluded', null],
    ['blocked', 'taken'],
    ['waiting-for-seat', 'taken'],
  ])('R107 its start leaves the wait alone, or not, where its plan says %s', async (is, taken) => {
    const { by } = await successor({ ann: { outcome: is, waits: is === 'waiting-for-seat' } });
    await move(by, 'planned', 'rolling-out');
    expect(await takers()).toEqual([taken && by, by]);
  });

  it.each<[Phase, Phase]>([
    ['planned', 'discarded'],
    ['planned', 'expired'],
    ['planning', 'failed'],
  ])(
    'R102 R107 one that goes from %s to %s has never taken who waits, and another one can',
    async (from, to) => {
      const { by } = await successor({ phase: from });
      await move(by, from, to);
      expect(await takers()).toEqual([null, null]);
      const second = await successor();
      expect(second.persons.map(({ personId }) => personId)).toEqual(['ann', 'ben']);
      await move(second.by, 'planned', 'rolling-out');
      expect(await takers()).toEqual([second.by, second.by]);
    },
  );

  it('R107 a wait that ended since is planned again like everybody who is left', async () => {
    await run('UPDATE template SET deleted_at = now() WHERE org_id = $1', [story.orgId]);
    await story.detect();
    const by = await story.rollout('planning', { isStarted: false });
    expect(await takeUpLeft(database.db, { from: first, by })).toHaveLength(2);
    expect(await takers()).toEqual([by, by]);
  });

  it('R107 what a file asked for is waited for since then, through every plan', async () => {
    await run(`UPDATE rollout SET started_at = now() - interval '20 days' WHERE rollout_id = $1`, [
      first,
    ]);
    const { by } = await successor({ ann: { outcome: 'waiting-for-seat', waits: true } });
    await keepWaitingSince(database.db, by);
    const days = await valueOf<number>(
      database.db,
      `SELECT extract(day FROM now() - waits_since)::int FROM rollout_user
       WHERE rollout_id = $1 AND person_id = 'ann'`,
      [by],
    );
    expect(days).toBe(20);
  });
});
