import fc from 'fast-check';
import type { Db } from '../../../src/db/connect';
import { recordMove } from '../../../src/db/rollout/record-move';
import { endCall } from '../../../src/db/write/end-call';
import { hasWritten, holdIfTripped } from '../../../src/db/write/failure-guard';
import { takePermit, type Permit } from '../../../src/db/write/permit';
import { recordOutcome } from '../../../src/db/write/record-outcome';
import { outcomes, type Outcome } from '../../../src/domain/model/outcome';
import { failureOutcomes, isFailure } from '../../../src/domain/rollout/what-went-wrong';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { addLicense, aRollout, rowOf, valueOf, type SeededRollout } from '../../support/seed';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 24 });
  db = database.db;
});
afterAll(() => database.drop());

interface Counters {
  written: number;
  failed: number;
  in_flight: number;
  between: number;
}

const users = (n: number) => Array.from({ length: n }, () => ({}));

function counters(rolloutId: string): Promise<Counters> {
  return valueOf(
    db,
    `SELECT jsonb_build_object('written', users_written, 'failed', users_failed,
       'in_flight', users_in_flight, 'between', users_between_attempts)
     FROM rollout WHERE rollout_id = $1`,
    [rolloutId],
  );
}

/** The same figures, counted from the rows. */
function counted(rolloutId: string): Promise<Counters> {
  const failures = failureOutcomes.map((outcome) => `'${outcome}'`).join(', ');
  return valueOf(
    db,
    `SELECT jsonb_build_object(
       'written', count(*) FILTER (WHERE attempts > 0
         AND outcome NOT IN ('planned', 'gone', 'conflict', 'blocked', 'withheld')),
       'failed', count(*) FILTER (WHERE attempts > 0 AND outcome IN (${failures})),
       'in_flight', count(*) FILTER (WHERE outcome = 'planned' AND in_flight_until IS NOT NULL),
       'between', count(*) FILTER (WHERE outcome = 'planned' AND in_flight_until IS NULL
         AND intent_at IS NOT NULL))
     FROM rollout_user WHERE rollout_id = $1`,
    [rolloutId],
  );
}

async function end(rolloutId: string, seq: number, outcome: Outcome): Promise<void> {
  const answered = { licenses: [], attendeeSites: [] };
  const { calls } = await rowOf(db, rolloutId, seq);
  await recordOutcome(db, {
    rolloutId,
    seq,
    call: Number(calls),
    outcome,
    answered,
    done: [],
    refused: isFailure(outcome) ? [addLicense('MS')] : [],
    detail: null,
    trackingId: null,
    putBack: null,
    actor: 'rollout',
  });
  if (isFailure(outcome)) await holdIfTripped(db, rolloutId);
}

function loseAnswer(rolloutId: string, seq: number, call: number): Promise<void> {
  const lost = { countsAttempt: true, isAnswered: false, detail: 'reset' };
  return endCall(db, { rolloutId, seq, call, ...lost });
}

async function granted(rolloutId: string, seqs: number[]): Promise<number[]> {
  const permits = await Promise.all(
    seqs.map(async (seq) => ({ seq, permit: await takePermit(db, rolloutId, seq) })),
  );
  return permits.flatMap(({ seq, permit }) => (permit.kind === 'granted' ? [seq] : []));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

describe('the counters of a rollout', () => {
  it.each(outcomes.filter((outcome) => outcome !== 'planned'))(
    'R94, R96 count a user who ends as %s as the domain does',
    async (outcome) => {
      const { rolloutId } = await aRollout(db, { users: users(1) });
      await takePermit(db, rolloutId, 1);
      expect(await counters(rolloutId)).toMatchObject({ in_flight: 1, written: 0 });
      await end(rolloutId, 1, outcome);
      const { failed, in_flight: inFlight } = await counters(rolloutId);
      expect({ failed, inFlight }).toEqual({ failed: isFailure(outcome) ? 1 : 0, inFlight: 0 });
    },
  );

  it('R96 keep the place of a user whose worker was lost, and give it to nobody twice', async () => {
    const { rolloutId } = await aRollout(db, { users: users(2), guards: { failureMin: 0 } });
    expect(await granted(rolloutId, [1])).toEqual([1]);
    expect(await granted(rolloutId, [2])).toEqual([]);
    expect(await granted(rolloutId, [1])).toEqual([1]);
    expect(await counters(rolloutId)).toMatchObject({ in_flight: 1 });
  });
});

describe('the room for writes', () => {
  it('R96 a rollout starts with as many writes as may fail and one more, whoever asks', async () => {
    const { rolloutId } = await aRollout(db, { users: users(20), guards: { failureMin: 3 } });
    const first = await granted(rolloutId, range(1, 20));
    expect(first).toHaveLength(4);
    const refused = range(1, 20).find((seq) => !first.includes(seq))!;
    expect(await takePermit(db, rolloutId, refused)).toEqual({ kind: 'no-room' });
  });

  it('R96 speeds up as writes succeed: the share counts once it allows more', async () => {
    const guards = { failureMin: 1, failurePercent: 50 };
    const { rolloutId } = await aRollout(db, { users: users(40), guards });
    for (const seq of range(1, 20)) {
      await takePermit(db, rolloutId, seq);
      await end(rolloutId, seq, 'applied');
    }
    expect(await granted(rolloutId, range(21, 40))).toHaveLength(11);
  });

  it('R96 every failure takes a place, and the one too many halts', async () => {
    const { rolloutId } = await aRollout(db, { users: users(20), guards: { failureMin: 3 } });
    for (const seq of range(1, 3)) {
      await takePermit(db, rolloutId, seq);
      await end(rolloutId, seq, 'failed');
    }
    const [last, ...others] = await granted(rolloutId, range(4, 20));
    expect(others).toEqual([]);
    await end(rolloutId, last!, 'partial');
    const hold = expect.stringContaining('4 of 4 users failed, and at most 3 may') as string;
    expect(await takePermit(db, rolloutId, 20)).toEqual({ kind: 'held', hold });
  });

  it('R96 whoever asks next holds the rollout, if the failure was recorded and nothing more', async () => {
    const { rolloutId } = await aRollout(db, { users: users(3), guards: { failureMin: 0 } });
    await takePermit(db, rolloutId, 1);
    await db.$client.query(
      `UPDATE rollout_user SET outcome = 'failed', in_flight_until = NULL
       WHERE rollout_id = $1 AND seq = 1`,
      [rolloutId],
    );
    expect(await takePermit(db, rolloutId, 2)).toMatchObject({
      kind: 'held',
      hold: expect.stringContaining('1 of 1 user failed') as string,
    });
  });

  it('R96 users between two attempts hold no place, but at ten of them nobody else begins', async () => {
    const { rolloutId } = await aRollout(db, { users: users(12), guards: { failureMin: 0 } });
    const tryOnce = async (seq: number): Promise<Permit['kind']> => {
      const permit = await takePermit(db, rolloutId, seq);
      if (permit.kind === 'granted') await loseAnswer(rolloutId, seq, permit.write.call);
      return permit.kind;
    };
    for (const seq of range(1, 10)) expect(await tryOnce(seq)).toBe('granted');
    expect(await counters(rolloutId)).toMatchObject({ in_flight: 0, between: 10 });
    expect(await tryOnce(11)).toBe('no-room');
    expect(await granted(rolloutId, [5])).toEqual([5]);
    await end(rolloutId, 5, 'applied');
    expect(await tryOnce(11)).toBe('granted');
  });

  it('R96 counts from a resume: what failed before is accepted', async () => {
    const story = await aRollout(db, { users: users(8), guards: { failureMin: 1 } });
    const { rolloutId } = story;
    for (const seq of [1, 2]) {
      await takePermit(db, rolloutId, seq);
      await end(rolloutId, seq, 'failed');
    }
    expect(await takePermit(db, rolloutId, 3)).toMatchObject({ kind: 'held' });
    await halt(story);
    expect(await granted(rolloutId, range(3, 8))).toHaveLength(2);
  });

  it('R96 forgives no new failure for one that a resume accepted and that turned out well', async () => {
    const story = await aRollout(db, { users: users(8), guards: { failureMin: 1 } });
    const { rolloutId } = story;
    for (const seq of [1, 2]) {
      await takePermit(db, rolloutId, seq);
      await end(rolloutId, seq, 'failed');
    }
    await halt(story);
    // Later reads show what was written.
    await db.$client.query(
      `UPDATE rollout_user SET outcome = 'converged' WHERE rollout_id = $1 AND seq <= 2`,
      [rolloutId],
    );
    for (const seq of [3, 4]) {
      expect(await takePermit(db, rolloutId, seq)).toMatchObject({ kind: 'granted' });
      await end(rolloutId, seq, 'failed');
    }
    expect(await takePermit(db, rolloutId, 5)).toMatchObject({ kind: 'held' });
  });

  /** Halts the rollout and resumes it. */
  async function halt(story: SeededRollout): Promise<void> {
    const actor = { name: 'tester', role: 'approver' };
    const common = { ...story, actor, reason: 'too many', waitingFor: null };
    await recordMove(db, { ...common, from: 'rolling-out', to: 'halted', version: 2 });
    await recordMove(db, { ...common, from: 'halted', to: 'rolling-out', version: 3 });
  }
});

describe('many workers', () => {
  interface Step {
    worker: number;
    does: 'begin' | 'succeed' | 'fail' | 'lose-answer' | 'die';
  }
  const step = fc.record<Step>({
    worker: fc.nat({ max: 7 }),
    does: fc.constantFrom('begin', 'begin', 'succeed', 'fail', 'lose-answer', 'die'),
  });

  it('R96 exceed the limit by at most one in any order of permits, answers and deaths', async () => {
    const guards = { min: fc.nat({ max: 4 }), percent: fc.constantFrom(1, 20, 50, 100) };
    await fc.assert(
      fc.asyncProperty(
        fc.record(guards),
        fc.array(step, { minLength: 20, maxLength: 60 }),
        async ({ min, percent }, steps) => {
          const { rolloutId } = await aRollout(db, {
            users: users(60),
            guards: { failureMin: min, failurePercent: percent },
          });
          const busyWith = new Map<number, { seq: number; call: number }>();
          let next = 1;
          for (const { worker, does } of steps) {
            const write = busyWith.get(worker);
            if (!write && does === 'begin') {
              const permit = await takePermit(db, rolloutId, next);
              if (permit.kind !== 'granted') continue;
              busyWith.set(worker, { seq: next, call: permit.write.call });
              next += 1;
            } else if (write && does !== 'begin') {
              busyWith.delete(worker);
              if (does === 'succeed') await end(rolloutId, write.seq, 'applied');
              if (does === 'fail') await end(rolloutId, write.seq, 'failed');
              if (does === 'lose-answer') await loseAnswer(rolloutId, write.seq, write.call);
            }
            const { written, failed, in_flight: inFlight } = await counters(rolloutId);
            const limit = Math.max(min, Math.floor((percent * written) / 100));
            expect(failed).toBeLessThanOrEqual(limit + 1);
            // Whatever becomes of the writes under way, one more than the limit is the worst.
            expect(failed + inFlight).toBeLessThanOrEqual(limit + 1);
          }
          expect(await counters(rolloutId)).toEqual(await counted(rolloutId));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('R96 at the same time: of 200 users who all fail, 4 are written', async () => {
    const { rolloutId } = await aRollout(db, { users: users(200), guards: { failureMin: 3 } });
    await Promise.all(
      range(1, 200).map(async (seq) => {
        const { kind } = await takePermit(db, rolloutId, seq);
        if (kind === 'granted') await end(rolloutId, seq, 'failed');
      }),
    );
    expect(await counters(rolloutId)).toEqual({ written: 4, failed: 4, in_flight: 0, between: 0 });
  });

  it('R96 at the same time: counters and rows agree whatever happens', async () => {
    const guards = { failureMin: 50, failurePercent: 100 };
    const { rolloutId } = await aRollout(db, { users: users(200), guards });
    await Promise.all(
      range(1, 200).map(async (seq) => {
        const permit = await takePermit(db, rolloutId, seq);
        if (permit.kind !== 'granted' || seq % 4 === 0) return;
        if (seq % 4 === 1) await loseAnswer(rolloutId, seq, permit.write.call);
        else await end(rolloutId, seq, seq % 4 === 2 ? 'applied' : 'failed');
      }),
    );
    expect(await counters(rolloutId)).toEqual(await counted(rolloutId));
  });
});

describe('hasWritten', () => {
  it.each<[string, Outcome[], boolean]>([
    ['nobody yet', [], false],
    ['only users who failed', ['failed', 'failed'], false],
    ['only users who were changed in part', ['partial'], false],
    ['users of whom one is gone', ['gone'], false],
    ['one user', ['applied'], true],
    ['one user among others who failed', ['failed', 'applied', 'failed'], true],
    ['one user who waits for a unit', ['waiting-for-seat'], true],
  ])('R97 of a rollout that has written %s', async (_, ends, expected) => {
    const { rolloutId } = await aRollout(db, { users: users(ends.length + 1) });
    for (const [at, outcome] of ends.entries()) {
      await takePermit(db, rolloutId, at + 1);
      await end(rolloutId, at + 1, outcome);
    }
    expect(await hasWritten(db, rolloutId)).toBe(expected);
  });

  it('R97 not of another rollout', async () => {
    const { orgId, rolloutId } = await aRollout(db, { users: users(1) });
    await takePermit(db, rolloutId, 1);
    await end(rolloutId, 1, 'applied');
    const other = await aRollout(db, { orgId, phase: 'planned', users: users(1) });
    expect(await hasWritten(db, other.rolloutId)).toBe(false);
  });
});
