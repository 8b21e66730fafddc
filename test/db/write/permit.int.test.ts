import { takeDecidedPermit } from '../../../src/activities/plan/take-decided-permit';
import { readWaits } from '../../../src/db/rollout/progress/wait-facts';
import { findRollout } from '../../../src/db/rollout/rollouts';
import { takePermit } from '../../../src/db/write/permit';
import {
  overduePutBacks,
  owedPutBacks,
  writesInFlight,
} from '../../../src/db/write/writes-in-flight';
import { recordRepeat, takeRepeat } from '../../../src/db/write/repeat-write';
import { recordOutcome } from '../../../src/db/write/record-outcome';
import { type OutcomeRecord } from '../../../src/db/write/record-outcome';
import { reopenFailedRows } from '../../../src/db/rollout/wave-rows';
import { endCall } from '../../../src/db/write/end-call';
import { withholdUnwritten } from '../../../src/db/rollout/ending/withhold-unwritten';
import { recordPause } from '../../../src/db/rollout/record-flags';
import { recordHold } from '../../../src/db/rollout/hold';
import { takePutBack } from '../../../src/db/write/put-back';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import {
  addLicense,
  aRollout,
  removeAttendee,
  removeLicense,
  rowOf,
  valueOf,
  type SeededRollout,
} from '../../support/seed';

const actor = { name: 'tester', role: 'operator' };
const holdings = { licenses: ['MS'], attendeeSites: [] };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 40, writableMirror: true });
});
afterAll(() => database.drop());

function pause({ orgId, rolloutId }: SeededRollout, version: number): Promise<void> {
  return recordPause(database.db, { orgId, rolloutId, paused: true, version, actor, reason: '' });
}

function outcomeOf(rolloutId: string, record: Partial<OutcomeRecord> = {}): OutcomeRecord {
  return {
    rolloutId,
    seq: 1,
    call: 1,
    outcome: 'applied',
    answered: holdings,
    done: [addLicense('MS')],
    refused: [],
    detail: null,
    trackingId: 'TRACK_1',
    putBack: null,
    actor: 'rollout',
    ...record,
  };
}

describe('takePermit', () => {
  it('records the intent and the attempt before anything is written', async () => {
    const { db } = database;
    const { rolloutId } = await aRollout(db, { users: [{}] });
    const permit = await takePermit(db, rolloutId, 1);
    expect(permit).toMatchObject({ kind: 'granted', write: { personId: 'person-1', attempts: 1 } });
    expect(await rowOf(db, rolloutId, 1)).toMatchObject({
      attempts: 1,
      intent_at: expect.any(String) as string,
    });
    expect(await writesInFlight(db, rolloutId)).toBe(1);
  });

  it.each([
    ['piloting', 'granted'],
    ['rolling-out', 'granted'],
    ['awaiting-promotion', 'held'],
    ['halted', 'held'],
    ['verifying', 'stopped'],
    ['aborted', 'stopped'],
    ['completed', 'stopped'],
  ] as const)('in phase %s the answer is %s', async (phase, kind) => {
    const { rolloutId } = await aRollout(database.db, { phase, users: [{}] });
    expect(await takePermit(database.db, rolloutId, 1)).toMatchObject({ kind });
  });

  it('is held with its reason once a guard has tripped', async () => {
    const { rolloutId } = await aRollout(database.db, { users: [{}] });
    await recordHold(database.db, rolloutId, 'too many failed');
    await recordHold(database.db, rolloutId, 'a later reason');
    const permit = await takePermit(database.db, rolloutId, 1);
    expect(permit).toEqual({ kind: 'held', hold: 'too many failed' });
  });

  it('is held from the moment a person asks to stop, before a workflow takes the action', async () => {
    const { rolloutId } = await aRollout(database.db, { users: [{}] });
    const brake = (at: string) =>
      database.db.$client.query(`UPDATE rollout SET brake_at = ${at} WHERE rollout_id = $1`, [
        rolloutId,
      ]);
    await brake('now()');
    expect(await takePermit(database.db, rolloutId, 1)).toEqual({ kind: 'held', hold: null });
    expect(await rowOf(database.db, rolloutId, 1)).toMatchObject({ attempts: 0, calls: 0 });
    await brake('NULL');
    expect(await takePermit(database.db, rolloutId, 1)).toMatchObject({ kind: 'granted' });
  });

  it('waits as long as the organization must (429, 423)', async () => {
    const { orgId, rolloutId } = await aRollout(database.db, { users: [{}] });
    await database.db.$client.query(
      `INSERT INTO org_pace (org_id, state, not_before) VALUES ($1, '{}', now() + interval '1 h')`,
      [orgId],
    );
    const leftMs = () =>
      valueOf<number>(
        database.db,
        `SELECT extract(epoch FROM not_before - clock_timestamp())::float8 * 1000
         FROM org_pace WHERE org_id = $1`,
        [orgId],
      );
    const before = await leftMs();
    const permit = await takePermit(database.db, rolloutId, 1);
    const waitMs = permit.kind === 'not-before' ? permit.waitMs : null;
    expect(waitMs).toBeLessThanOrEqual(before);
    expect(waitMs).toBeGreaterThanOrEqual(await leftMs());
    expect(await rowOf(database.db, rolloutId, 1)).toMatchObject({ attempts: 0, intent_at: null });
  });

  it('lets one job at a time write a user', async () => {
    const first = await aRollout(database.db, { users: [{ personId: 'shared' }] });
    const second = await aRollout(database.db, {
      orgId: first.orgId,
      phase: 'verifying',
      users: [{ personId: 'shared' }],
    });
    await takePermit(database.db, first.rolloutId, 1);
    const move = 'UPDATE rollout SET phase = $2 WHERE rollout_id = $1';
    await database.db.$client.query(move, [first.rolloutId, 'verifying']);
    await database.db.$client.query(move, [second.rolloutId, 'rolling-out']);
    expect(await takePermit(database.db, second.rolloutId, 1)).toEqual({ kind: 'user-busy' });
    await recordOutcome(database.db, outcomeOf(first.rolloutId));
    expect(await takePermit(database.db, second.rolloutId, 1)).toMatchObject({ kind: 'granted' });
  });

  it('says what is done already', async () => {
    const { rolloutId } = await aRollout(database.db, { users: [{ outcome: 'conflict' }] });
    expect(await takePermit(database.db, rolloutId, 1)).toEqual({
      kind: 'done',
      outcome: 'conflict',
    });
    expect(await takePermit(database.db, rolloutId, 99)).toEqual({ kind: 'stopped' });
  });

  it('grants none once a pause is recorded, however many are asked for at the same time', async () => {
    const { db } = database;
    const users = 400;
    const story = await aRollout(db, { users: Array.from({ length: users }, () => ({})) });
    let granted = 0;
    const ask = async (asker: number) => {
      for (let seq = asker; ; seq = (seq % users) + 1) {
        const permit = await takePermit(db, story.rolloutId, seq);
        if (permit.kind !== 'granted') return permit.kind;
        granted += 1;
      }
    };
    const askers = Promise.all(Array.from({ length: 35 }, (_, at) => ask(at * 10 + 1)));
    while (granted < 300) await new Promise((resolve) => setImmediate(resolve));
    // Those who share its row never stop asking before it: a pause that they starve would never end.
    await pause(story, 2);
    const attempts = () =>
      valueOf<number>(db, 'SELECT sum(attempts)::int FROM rollout_user WHERE rollout_id = $1', [
        story.rolloutId,
      ]);
    const atPause = await attempts();
    expect(new Set(await askers)).toEqual(new Set(['held']));
    expect(await attempts()).toBe(atPause);
  });
});

describe('endCall', () => {
  it('leaves the intent open, because the work may have been done', async () => {
    const { rolloutId } = await aRollout(database.db, { users: [{}] });
    await takePermit(database.db, rolloutId, 1);
    const ended = {
      rolloutId,
      seq: 1,
      call: 1,
      countsAttempt: true,
      isAnswered: false,
      detail: 'reset',
    };
    await endCall(database.db, ended);
    expect(await rowOf(database.db, rolloutId, 1)).toMatchObject({
      attempts: 1,
      intent_at: expect.any(String) as string,
      in_flight_until: null,
      detail: 'reset',
    });
  });

  it('forgets a first attempt that was turned away, but no intent of an earlier one', async () => {
    const { rolloutId } = await aRollout(database.db, { users: [{}, {}] });
    const throttled = (seq: number, call: number) =>
      endCall(database.db, {
        rolloutId,
        seq,
        call,
        countsAttempt: false,
        isAnswered: true,
        detail: '429',
      });
    await takePermit(database.db, rolloutId, 1);
    await throttled(1, 1);
    expect(await rowOf(database.db, rolloutId, 1)).toMatchObject({ attempts: 0, intent_at: null });

    await takePermit(database.db, rolloutId, 2);
    await takePermit(database.db, rolloutId, 2);
    await throttled(2, 2);
    expect(await rowOf(database.db, rolloutId, 2)).toMatchObject({
      attempts: 1,
      intent_at: expect.any(String) as string,
    });
  });

  it('of an earlier call says nothing about the one that is under way', async () => {
    const { rolloutId } = await aRollout(database.db, { users: [{}] });
    await takePermit(database.db, rolloutId, 1);
    await takePermit(database.db, rolloutId, 1);
    await endCall(database.db, {
      rolloutId,
      seq: 1,
      call: 1,
      countsAttempt: true,
      isAnswered: false,
      detail: null,
    });
    expect(await writesInFlight(database.db, rolloutId)).toBe(1);
  });
});

describe('recordOutcome', () => {
  it('records outcome, ledger and mirror once, however often it is asked', async () => {
    const { db } = database;
    const { orgId, rolloutId } = await aRollout(db, { users: [{}] });
    await db.$client.query(
      `INSERT INTO directory_user (org_id, person_id, email, display_name, kind, licenses, read_at)
       VALUES ($1, 'person-1', 'e', 'n', 'person', '[]', now())`,
      [orgId],
    );
    await takePermit(db, rolloutId, 1);
    await recordOutcome(db, outcomeOf(rolloutId));
    await recordOutcome(db, outcomeOf(rolloutId, { outcome: 'failed', detail: 'a late answer' }));
    expect(await rowOf(db, rolloutId, 1)).toMatchObject({ outcome: 'applied', detail: null });
    const entries = 'SELECT count(*)::int FROM ledger WHERE rollout_id = $1';
    expect(await valueOf(db, entries, [rolloutId])).toBe(1);
    const mirror = 'SELECT answered FROM directory_user WHERE org_id = $1';
    expect(await valueOf(db, mirror, [orgId])).toEqual(holdings);
    expect(await writesInFlight(db, rolloutId)).toBe(0);
  });

  it('keeps the same change of a later call as an entry of its own', async () => {
    const { db } = database;
    const { rolloutId } = await aRollout(db, { users: [{}] });
    await takePermit(db, rolloutId, 1);
    await recordOutcome(db, outcomeOf(rolloutId, { outcome: 'failed' }));
    await reopenFailedRows(db, rolloutId);
    await db.$client.query(`UPDATE rollout SET phase = 'rolling-out' WHERE rollout_id = $1`, [
      rolloutId,
    ]);
    await takePermit(db, rolloutId, 1);
    await recordOutcome(db, outcomeOf(rolloutId, { call: 2 }));
    const attempts =
      'SELECT jsonb_agg(attempt ORDER BY ledger_id) FROM ledger WHERE rollout_id = $1';
    expect(await valueOf(db, attempts, [rolloutId])).toEqual([1, 2]);
  });
});

describe('takePutBack', () => {
  const halfRefused = async () => {
    const site = 'acme.webex.com';
    const changes = [removeAttendee(site), addLicense('EE')];
    const story = await aRollout(database.db, { users: [{ changes }] });
    await takePermit(database.db, story.rolloutId, 1);
    await recordOutcome(
      database.db,
      outcomeOf(story.rolloutId, {
        outcome: 'planned',
        done: [removeAttendee(site)],
        refused: [addLicense('EE')],
        putBack: [{ ...removeAttendee(site), operation: 'add' }],
      }),
    );
    return story;
  };
  const overdue = (rolloutId: string) =>
    database.db.$client.query(
      'UPDATE rollout_user SET in_flight_until = now() WHERE rollout_id = $1',
      [rolloutId],
    );

  it('R40 keeps the row open and counts as under way until the other half is back', async () => {
    const { rolloutId } = await halfRefused();
    expect(await writesInFlight(database.db, rolloutId)).toBe(1);
    expect(await takePermit(database.db, rolloutId, 1)).toEqual({ kind: 'put-back' });
    const permit = await takePutBack(database.db, rolloutId, 1);
    expect(permit).toMatchObject({
      kind: 'granted',
      write: { attempts: 2, putBack: [{ operation: 'add' }], refused: [{ operation: 'add' }] },
    });
  });

  it.each(['paused', 'braked', 'held', 'halted', 'aborted', 'verifying'] as const)(
    'R95 is permitted while the rollout is %s, and a write is not',
    async (state) => {
      const story = await halfRefused();
      const { rolloutId } = story;
      await overdue(rolloutId);
      const set = {
        paused: 'paused = true',
        braked: 'brake_at = now()',
        held: `hold = 'too many failed'`,
        halted: `phase = 'halted'`,
        aborted: `phase = 'aborted'`,
        verifying: `phase = 'verifying'`,
      }[state];
      await database.db.$client.query(`UPDATE rollout SET ${set} WHERE rollout_id = $1`, [
        rolloutId,
      ]);
      expect(await takePermit(database.db, rolloutId, 1)).toEqual({ kind: 'put-back' });
      expect(await takePutBack(database.db, rolloutId, 1)).toMatchObject({ kind: 'granted' });
    },
  );

  it('R95 waits only where Webex has asked the organization to wait', async () => {
    const { orgId, rolloutId } = await halfRefused();
    await database.db.$client.query(
      `INSERT INTO org_pace (org_id, state, not_before) VALUES ($1, '{}', now() + interval '1 h')`,
      [orgId],
    );
    expect(await takePutBack(database.db, rolloutId, 1)).toMatchObject({ kind: 'not-before' });
  });
});

describe('R95 what is owed', () => {
  const owed = async () => {
    const changes = [removeLicense('RTT'), addLicense('MS')];
    const story = await aRollout(database.db, { users: [{ changes }] });
    await takePermit(database.db, story.rolloutId, 1);
    await recordOutcome(
      database.db,
      outcomeOf(story.rolloutId, {
        outcome: 'planned',
        done: [removeLicense('RTT')],
        refused: [addLicense('MS')],
        putBack: [addLicense('RTT')],
      }),
    );
    return story;
  };
  const overdue = (rolloutId: string) =>
    database.db.$client.query(
      `UPDATE rollout_user SET in_flight_until = NULL, intent_at = now() - interval '2 minutes'
       WHERE rollout_id = $1`,
      [rolloutId],
    );

  it('stays owed when the rollout is closed, and is found where nobody tries any more', async () => {
    const { db } = database;
    const { orgId, rolloutId } = await owed();
    expect(await overduePutBacks(db, orgId, { after: null, limit: 10 })).toEqual([]);
    await overdue(rolloutId);
    await withholdUnwritten(db, rolloutId);
    expect(await owedPutBacks(db, rolloutId)).toBe(1);
    expect(await overduePutBacks(db, orgId, { after: null, limit: 10 })).toEqual([
      { rolloutId, seq: 1 },
    ]);
    await takePutBack(db, rolloutId, 1);
    expect(await overduePutBacks(db, orgId, { after: null, limit: 10 })).toEqual([]);
    const end = { call: 2, outcome: 'failed', done: [addLicense('RTT')] } as const;
    await recordOutcome(db, outcomeOf(rolloutId, { ...end, done: [...end.done] }));
    expect(await owedPutBacks(db, rolloutId)).toBe(0);
    const entries = `SELECT jsonb_agg(operation || ' ' || attempt ORDER BY ledger_id) FROM ledger
      WHERE rollout_id = $1`;
    expect(await valueOf(db, entries, [rolloutId])).toEqual(['remove 1', 'add 2']);
  });
});

describe('R95 what is owed after a retry', () => {
  it('is found where the retry ends before it comes to the user', async () => {
    const { db } = database;
    const changes = [removeLicense('RTT'), addLicense('MS')];
    const { orgId, rolloutId } = await aRollout(db, { users: [{ changes }] });
    await takePermit(db, rolloutId, 1);
    const owed = { outcome: 'failed', refused: [addLicense('MS')], putBack: [addLicense('RTT')] };
    await recordOutcome(
      db,
      outcomeOf(rolloutId, { ...owed, outcome: 'failed', done: [removeLicense('RTT')] }),
    );
    await reopenFailedRows(db, rolloutId);
    await db.$client.query(`UPDATE rollout SET phase = 'aborted' WHERE rollout_id = $1`, [
      rolloutId,
    ]);
    await withholdUnwritten(db, rolloutId);
    expect(await overduePutBacks(db, orgId, { after: null, limit: 10 })).toEqual([
      { rolloutId, seq: 1 },
    ]);
    expect(await takePutBack(db, rolloutId, 1)).toMatchObject({ kind: 'granted' });
    expect(await overduePutBacks(db, orgId, { after: null, limit: 10 })).toEqual([]);
  });
});

describe('a repeated write', () => {
  const site = 'acme.webex.com';
  const written = async () => {
    const story = await aRollout(database.db, {
      users: [{ personId: 'ada', changes: [removeAttendee(site)] }],
    });
    await takePermit(database.db, story.rolloutId, 1);
    await recordOutcome(database.db, outcomeOf(story.rolloutId, { done: [removeAttendee(site)] }));
    await database.db.$client.query(
      `UPDATE rollout SET phase = 'verifying' WHERE rollout_id = $1`,
      [story.rolloutId],
    );
    return story;
  };

  it('R99 has an entry in the ledger for what it changes, once', async () => {
    const { db } = database;
    const { rolloutId } = await written();
    const repeat = await takeRepeat(db, rolloutId, 1);
    expect(repeat).toMatchObject({ call: 2, answered: holdings });
    const again = { rolloutId, seq: 1, call: 2, answered: holdings };
    await recordRepeat(db, { ...again, changed: [removeAttendee(site)] });
    await recordRepeat(db, { ...again, changed: [removeAttendee(site)] });
    const attempts =
      'SELECT jsonb_agg(attempt ORDER BY ledger_id) FROM ledger WHERE rollout_id = $1';
    expect(await valueOf(db, attempts, [rolloutId])).toEqual([1, 2]);
  });

  it('R99 keeps every other rollout from the user while it is under way', async () => {
    const { db } = database;
    const { orgId, rolloutId } = await written();
    expect(await takeRepeat(db, rolloutId, 1)).toMatchObject({ call: 2 });
    const other = await aRollout(db, { orgId, users: [{ personId: 'ada' }] });
    expect(await takePermit(db, other.rolloutId, 1)).toEqual({ kind: 'user-busy' });
    await recordRepeat(db, { rolloutId, seq: 1, call: 2, answered: holdings, changed: [] });
    expect(await takePermit(db, other.rolloutId, 1)).toMatchObject({ kind: 'granted' });
  });

  it('R25 is no reason to wait for ever: after ten minutes the user is conflict', async () => {
    const { db } = database;
    const other = await aRollout(db, { users: [{ personId: 'ada' }] });
    const { orgId } = other;
    // A reaction of the watch: it writes beside rollouts of people.
    await db.$client.query('UPDATE rollout SET automatic = true WHERE rollout_id = $1', [
      other.rolloutId,
    ]);
    await takePermit(db, other.rolloutId, 1);
    const { rolloutId } = await aRollout(db, { orgId, users: [{ personId: 'ada' }] });
    const user = { orgId, rolloutId, seq: 1 };
    const busy = async (id: string) =>
      (await readWaits(db, (await findRollout(db, orgId, id))!)).busy;
    expect(await takeDecidedPermit(db, user)).toEqual({ kind: 'user-busy' });
    expect(await busy(rolloutId)).toEqual({ users: 1, rollout: expect.any(String) });
    expect(await busy(other.rolloutId)).toBeNull();
    await db.$client.query(
      `UPDATE rollout_user SET intent_at = now() - interval '11 minutes', in_flight_until = NULL
       WHERE rollout_id = $1`,
      [other.rolloutId],
    );
    expect(await takeDecidedPermit(db, user)).toEqual({ kind: 'done', outcome: 'conflict' });
    expect(await rowOf(db, rolloutId, 1)).toMatchObject({
      outcome: 'conflict',
      detail: expect.stringMatching(/^another rollout has not finished/) as string,
    });
    expect(await busy(rolloutId)).toBeNull();
  });

  it('R99 is never made where another rollout has changed the user since, or is about to', async () => {
    const { db } = database;
    const { orgId, rolloutId } = await written();
    const other = await aRollout(db, { orgId, users: [{ personId: 'ada' }] });
    await takePermit(db, other.rolloutId, 1);
    expect(await takeRepeat(db, rolloutId, 1)).toBeNull();
    await recordOutcome(db, outcomeOf(other.rolloutId));
    expect(await takeRepeat(db, rolloutId, 1)).toBeNull();
  });
});

describe('a call that ends after its rollout was closed', () => {
  it('still reaches outcome, ledger and mirror, once', async () => {
    const { db } = database;
    const { orgId, rolloutId } = await aRollout(db, { users: [{}] });
    await takePermit(db, rolloutId, 1);
    await db.$client.query(
      `UPDATE rollout_user SET in_flight_until = now() - interval '1 second' WHERE rollout_id = $1`,
      [rolloutId],
    );
    await withholdUnwritten(db, rolloutId);
    expect(await rowOf(db, rolloutId, 1)).toMatchObject({ outcome: 'failed', unanswered_call: 1 });
    await recordOutcome(db, outcomeOf(rolloutId));
    await recordOutcome(db, outcomeOf(rolloutId, { outcome: 'partial' }));
    expect(await rowOf(db, rolloutId, 1)).toMatchObject({
      outcome: 'applied',
      answered: holdings,
      unanswered_call: null,
    });
    const entries = 'SELECT count(*)::int FROM ledger WHERE org_id = $1';
    expect(await valueOf(db, entries, [orgId])).toBe(1);
  });

  it('changes nothing once a later call has begun', async () => {
    const { db } = database;
    const { rolloutId } = await aRollout(db, { users: [{}] });
    await takePermit(db, rolloutId, 1);
    await takePermit(db, rolloutId, 1);
    await recordOutcome(db, outcomeOf(rolloutId, { call: 1 }));
    expect(await rowOf(db, rolloutId, 1)).toMatchObject({ outcome: 'planned' });
  });
});

describe('the first call that nobody answered', () => {
  const unanswered = (rolloutId: string) =>
    valueOf<number | null>(
      database.db,
      'SELECT unanswered_call FROM rollout_user WHERE rollout_id = $1 AND seq = 1',
      [rolloutId],
    );
  const end = (rolloutId: string, call: number, isAnswered: boolean) =>
    endCall(database.db, {
      rolloutId,
      seq: 1,
      call,
      countsAttempt: true,
      isAnswered,
      detail: null,
    });

  it('is forgotten after a clear answer, and not by the clear answer to a later call', async () => {
    const { rolloutId } = await aRollout(database.db, { users: [{}] });
    await takePermit(database.db, rolloutId, 1);
    expect(await unanswered(rolloutId)).toBe(1);
    await end(rolloutId, 1, true);
    expect(await unanswered(rolloutId)).toBeNull();
    await takePermit(database.db, rolloutId, 1);
    await end(rolloutId, 2, false);
    await takePermit(database.db, rolloutId, 1);
    await end(rolloutId, 3, true);
    expect(await unanswered(rolloutId)).toBe(2);
  });
});
