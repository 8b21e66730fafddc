import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { purge } from '../../../../src/db/admin/retention';
import type { Db, Queryable } from '../../../../src/db/connect';
import { deletePlanRows } from '../../../../src/db/plan/plan-store';
import { compareTally } from '../../../../src/db/rollout/counters/compare-tally';
import { foldTally } from '../../../../src/db/rollout/counters/fold-tally';
import { recordNotFound } from '../../../../src/db/rollout/ending/not-found-rows';
import {
  settleUnanswered,
  takeLateSuccess,
  takeUnanswered,
} from '../../../../src/db/rollout/ending/unanswered-rows';
import { withholdUnwritten } from '../../../../src/db/rollout/ending/withhold-unwritten';
import { giveBackTaken, takeUpLeft, takeUpWaiting } from '../../../../src/db/rollout/taken-rows';
import {
  markConverged,
  markSuperseded,
  markUnconverged,
  recordUnwritten,
  reopenFailedRows,
} from '../../../../src/db/rollout/wave-rows';
import { recordEndedWaits } from '../../../../src/db/watch/open-waits';
import { endCall } from '../../../../src/db/write/end-call';
import { endSettledDebts, recordOwedAgain, recordSeen } from '../../../../src/db/write/owed';
import { takePermit } from '../../../../src/db/write/permit';
import { takePutBack } from '../../../../src/db/write/put-back';
import { recordOutcome } from '../../../../src/db/write/record-outcome';
import { endRepeat, recordRepeat, takeRepeat } from '../../../../src/db/write/repeat-write';
import { failUser, noteTrouble } from '../../../../src/db/write/trouble';
import { recordLostUnits } from '../../../../src/db/write/without-refused';
import type { Outcome } from '../../../../src/domain/model/outcome';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { differentCounters, differentGuards } from '../../../support/different-counters';
import { longAgo, MirrorStory } from '../../../support/mirror-story';
import { addLicense, aRollout, removeLicense, rowOf, valueOf } from '../../../support/seed';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 12 });
  db = database.db;
});
afterAll(() => database.drop());

const holdings = { licenses: [], attendeeSites: [] };
const owed = {
  ...addLicense('FMS'),
  reason: { ...addLicense('FMS').reason, code: 'put-back' as const },
};

/** A rollout with six users in three waves, and a plan that could take up what it leaves. */
async function aStory() {
  const story = new MirrorStory(db);
  const { orgId } = story;
  const persons = Array.from({ length: 6 }, (_, at) => `person-${at + 1}`);
  await story.users(longAgo, ['FMS'], ...persons);
  const users = persons.map((personId, at) => ({ personId, wave: Math.floor(at / 2) }));
  const { rolloutId } = await aRollout(db, { orgId, users });
  const { rolloutId: next } = await aRollout(db, { orgId, phase: 'planned', users: [users[0]!] });
  await db.execute(sql`UPDATE rollout SET replan_of = ${rolloutId} WHERE rollout_id = ${next}`);
  return { orgId, rolloutId, next };
}
type Story = Awaited<ReturnType<typeof aStory>>;

interface Turn {
  seq: number;
  outcome: Outcome;
  call: number;
}

type Step = (story: Story, turn: Turn) => Promise<unknown>;
type StepInTransaction = (tx: Queryable, story: Story, turn: Turn) => Promise<unknown>;

const record =
  (more: (turn: Turn) => Partial<Parameters<typeof recordOutcome>[1]>): Step =>
  ({ rolloutId }, turn) =>
    recordOutcome(db, {
      rolloutId,
      seq: turn.seq,
      call: turn.call,
      outcome: turn.outcome,
      answered: holdings,
      done: [],
      refused: [],
      detail: null,
      trackingId: null,
      putBack: null,
      actor: 'rollout',
      ...more(turn),
    });

/** Every statement that changes a row of a rollout, as it is called. */
const steps: Record<string, Step> = {
  permit: ({ rolloutId }, { seq }) => takePermit(db, rolloutId, seq),
  'lost answer': ({ rolloutId }, { seq, call }) =>
    endCall(db, { rolloutId, seq, call, countsAttempt: true, isAnswered: false, detail: 'reset' }),
  outcome: record(() => ({})),
  'outcome without an answer': record(() => ({ answered: null, isSettled: false })),
  'outcome with a debt': record(() => ({ putBack: [owed], refused: [addLicense('MS')] })),
  'outcome that was put back': record(() => ({ restored: [owed] })),
  'outcome that waits': record(() => ({ waiting: [addLicense('MS')] })),
  'a lost unit': ({ rolloutId }, { seq, call }) =>
    recordLostUnits(db, { rolloutId, seq }, call, { waiting: [owed], putBack: [] }),
  trouble: ({ rolloutId }, { seq }) => noteTrouble(db, { rolloutId, seq }, '503'),
  'given up': ({ rolloutId }, { seq }) => failUser(db, { rolloutId, seq }, '503'),
  'put back': ({ rolloutId }, { seq }) => takePutBack(db, rolloutId, seq),
  converged: ({ rolloutId }, { seq }) => markConverged(db, rolloutId, [seq, seq + 1]),
  superseded: ({ rolloutId }) => markSuperseded(db, rolloutId, [0, 1, 2]),
  unconverged: ({ rolloutId }, { seq }) => markUnconverged(db, rolloutId, [seq % 3]),
  repeat: ({ rolloutId }, { seq }) => takeRepeat(db, rolloutId, seq),
  'end of a repeat': ({ rolloutId }, { seq, call }) => endRepeat(db, { rolloutId, seq, call }),
  'answer to a repeat': ({ rolloutId }, { seq, call }) =>
    recordRepeat(db, { rolloutId, seq, call, answered: holdings, changed: [removeLicense('MS')] }),
  'late success': ({ rolloutId }, { seq }) =>
    takeLateSuccess(db, { rolloutId, seq, isRepeat: false }),
  'repeat of an unanswered call': ({ rolloutId }, { seq }) =>
    takeUnanswered(db, { rolloutId, seq }),
  'settled debts': ({ orgId }) => endSettledDebts(db, orgId),
  'seen again': async ({ rolloutId }, { seq }) => recordSeen(db, await restored(rolloutId, seq)),
  'owed again': async ({ rolloutId }, { seq }) =>
    recordOwedAgain(db, await restored(rolloutId, seq), { owed: [owed], retryMs: 1 }),
  reopened: ({ rolloutId }) => reopenFailedRows(db, rolloutId),
  'not found': ({ rolloutId }, { seq }) =>
    recordNotFound(db, { rolloutId, wave: seq % 3, since: longAgo, confirmAfterMs: 0 }),
  folded: ({ orgId }) => foldTally(db, orgId),
  retention: () => purge(db, 1),
};

async function restored(rolloutId: string, seq: number) {
  const { calls, person_id } = await rowOf(db, rolloutId, seq);
  const row = { rolloutId, seq, personId: String(person_id), calls: Number(calls) };
  return { ...row, restored: [owed], tries: 1, ageMs: 1 };
}

/** Those that are called in a transaction of others, which may be rolled back. */
const stepsInTransactions: Record<string, StepInTransaction> = {
  unwritten: (tx, { rolloutId }, { seq }) =>
    recordUnwritten(tx, { rolloutId, seqs: [seq, seq + 2], outcome: 'conflict', detail: 'aged' }),
  withheld: (tx, { rolloutId }) => withholdUnwritten(tx, rolloutId),
  'taken up': (tx, { rolloutId, next }) => takeUpLeft(tx, { from: rolloutId, by: next }),
  'taken up at the start': (tx, { next }) => takeUpWaiting(tx, next),
  'given back': (tx, { next }) => giveBackTaken(tx, next),
  'settled at the deadline': (tx, { rolloutId }) => settleUnanswered(tx, rolloutId, [0, 1]),
  'waits no more': (tx, { rolloutId }, { seq }) =>
    recordEndedWaits(tx, [
      { rolloutId, seq, changes: [], isOver: true },
      { rolloutId, seq: seq + 1, changes: [], isOver: false },
    ]),
  'planned again': (tx, { next }) => deletePlanRows(tx, next),
};

class RolledBack extends Error {}

const names = [...Object.keys(steps), ...Object.keys(stepsInTransactions)];
/** What most users go through comes more often. */
const usual = ['permit', 'permit', 'outcome', 'converged'];
const outcomes: Outcome[] = [
  'planned',
  'applied',
  'partial',
  'waiting-for-seat',
  'host-pending',
  'blocked',
  'gone',
  'failed',
];

const aTurn = fc.record({
  name: fc.constantFrom(...names, ...usual, ...usual, ...usual),
  seq: fc.integer({ min: 1, max: 6 }),
  outcome: fc.constantFrom(...outcomes),
  isRolledBack: fc.boolean(),
});
type AnyTurn = typeof aTurn extends fc.Arbitrary<infer T> ? T : never;

async function take(story: Story, { name, seq, outcome, isRolledBack }: AnyTurn): Promise<void> {
  const { calls } = await rowOf(db, story.rolloutId, seq);
  const turn = { seq, outcome, call: Number(calls) };
  const inTransaction = stepsInTransactions[name];
  if (!inTransaction) {
    await steps[name]!(story, turn);
    return;
  }
  const work = db.transaction(async (tx) => {
    await inTransaction(tx, story, turn);
    if (isRolledBack) throw new RolledBack();
  });
  await work.catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error;
  });
}

const changes = (rolloutId: string) =>
  valueOf<number>(db, 'SELECT count(*)::int FROM rollout_tally_change WHERE rollout_id = $1', [
    rolloutId,
  ]);

describe('the counters of a rollout', () => {
  it('are what its rows say after each of any statements, also of those that are rolled back', async () => {
    const property = fc.asyncProperty(
      fc.array(aTurn, { minLength: 30, maxLength: 40 }),
      async (turns) => {
        const story = await aStory();
        for (const turn of turns) {
          await take(story, turn);
          expect([turn, await differentCounters(db)]).toEqual([turn, []]);
          expect([turn, await differentGuards(db)]).toEqual([turn, []]);
        }
      },
    );
    await fc.assert(property, { numRuns: 12, endOnFailure: true });
  });

  it('are so after many statements at once, while several workers add them up and prove them', async () => {
    const stories = [await aStory(), await aStory()];
    const turns = fc.sample(aTurn, 160).filter(({ name }) => name !== 'retention');
    const work = turns.map((turn, at) => take(stories[at % 2]!, turn));
    const upkeep = Array.from({ length: 12 }, (_, at) => foldTally(db, stories[at % 2]!.orgId));
    const proofs = stories.map(({ orgId, rolloutId }) => compareTally(db, orgId, rolloutId));
    await Promise.all([...work, ...upkeep]);
    for (const { differences } of await Promise.all(proofs)) expect(differences).toEqual([]);
    expect(await differentCounters(db)).toEqual([]);
    expect(await differentGuards(db)).toEqual([]);
  });

  it('of a session that was killed are those of the rows that it left', async () => {
    const { rolloutId } = await aStory();
    const client = await db.$client.connect();
    client.on('error', () => undefined);
    await client.query('BEGIN');
    await client.query(`UPDATE rollout_user SET outcome = 'conflict' WHERE rollout_id = $1`, [
      rolloutId,
    ]);
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await db.execute(sql`SELECT pg_terminate_backend(${rows[0]!.pid})`);
    client.release(true);
    expect(await differentCounters(db)).toEqual([]);
    expect(await changes(rolloutId)).toBe(3);
  });

  it('are added up, however many workers do it, and then nothing is left to add', async () => {
    const { orgId, rolloutId } = await aStory();
    for (let seq = 1; seq <= 6; seq += 1) {
      await failUser(db, { rolloutId, seq }, '503');
    }
    expect(await changes(rolloutId)).toBeGreaterThan(3);
    await Promise.all(Array.from({ length: 6 }, () => foldTally(db, orgId)));
    expect(await foldTally(db, orgId)).toBe(0);
    expect(await changes(rolloutId)).toBe(0);
    expect(await differentCounters(db)).toEqual([]);
  });
});
