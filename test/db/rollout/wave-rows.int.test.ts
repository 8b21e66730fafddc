import type { Db } from '../../../src/db/connect';
import { takePermit } from '../../../src/db/write/permit';
import { recordOutcome } from '../../../src/db/write/record-outcome';
import { endCall } from '../../../src/db/write/end-call';
import { mirrorUsers } from '../../../src/db/directory/mirror/mirror-people';
import { noteNotFound } from '../../../src/db/directory/settle/missing-people';
import { beginRead, type DirectoryRead } from '../../../src/db/directory/reads';
import { countOutcomes } from '../../../src/db/rollout/rollouts';
import { recordHold } from '../../../src/db/rollout/hold';
import { endRepeat, recordRepeat, takeRepeat } from '../../../src/db/write/repeat-write';
import {
  countUnconverged,
  markConverged,
  markSuperseded,
  markUnconverged,
  plannedAgainstMirror,
  plannedPersons,
  reopenFailedRows,
  shardPage,
  recordUnwritten,
  unconvergedPersons,
  unconvergedRows,
} from '../../../src/db/rollout/wave-rows';
import { recordNotFound } from '../../../src/db/rollout/ending/not-found-rows';
import { recordMove } from '../../../src/db/rollout/record-move';
import type { Change } from '../../../src/domain/model/change';
import type { Holdings } from '../../../src/domain/model/user';
import type { Outcome } from '../../../src/domain/model/outcome';
import type { Phase } from '../../../src/domain/rollout/rollout-phase';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import {
  addLicense,
  aRollout,
  removeAttendee,
  removeLicense,
  rowOf,
  valueOf,
} from '../../support/seed';

const nothing: Holdings = { licenses: [], attendeeSites: [] };

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase({ writableMirror: true });
  db = database.db;
});
afterAll(() => database.drop());

async function seen(orgId: string, personIds: string[]): Promise<DirectoryRead> {
  const users = personIds.map((personId) => ({
    personId,
    email: personId,
    displayName: personId,
    kind: 'person' as const,
    status: null,
    createdAt: null,
    holdings: nothing,
  }));
  const looked = await beginRead(db, orgId);
  await mirrorUsers(db, orgId, users, looked);
  return looked;
}

async function written(rolloutId: string, seq: number, outcome: Outcome, refused: Change[] = []) {
  const permit = await takePermit(db, rolloutId, seq);
  const call = permit.kind === 'granted' ? permit.write.call : 0;
  const answered = { licenses: ['MS'], attendeeSites: [] };
  const rest = { done: [], detail: null, trackingId: null, putBack: null, actor: 'rollout' };
  await recordOutcome(db, { rolloutId, seq, call, outcome, answered, refused, ...rest });
}

function setRows(rolloutId: string, values: string, which = 'true') {
  const where = `rollout_id = $1 AND ${which}`;
  return db.$client.query(`UPDATE rollout_user SET ${values} WHERE ${where}`, [rolloutId]);
}

describe('before a wave', () => {
  it('ends the rows of changed users, but none whose write has begun', async () => {
    const { orgId, rolloutId } = await aRollout(db, { users: [{}, {}, {}] });
    await seen(orgId, ['person-1', 'person-2', 'person-3']);
    await takePermit(db, rolloutId, 2);
    const personIds = ['person-1', 'person-2', 'person-3'];
    const rows = await plannedAgainstMirror(db, { rolloutId, wave: 1, personIds });
    expect(rows.map(({ seq, now, isRetry }) => [seq, now, isRetry])).toEqual([
      [1, nothing, false],
      [3, nothing, false],
    ]);
    await recordUnwritten(db, { rolloutId, seqs: [1, 2], outcome: 'conflict', detail: 'changed' });
    expect(await countOutcomes(db, rolloutId)).toEqual({ conflict: 1, planned: 2 });
  });

  it('R89 removes users whom two reads did not find, and nobody whom one just did not show', async () => {
    const { orgId, rolloutId } = await aRollout(db, { users: [{}, {}, {}] });
    await seen(orgId, ['person-1', 'person-2', 'person-3']);
    const { startedAt: since } = await seen(orgId, ['person-1']);
    await noteNotFound(db, orgId, ['person-2']);
    const wave = { rolloutId, wave: 1, since };
    expect(await recordNotFound(db, { ...wave, confirmAfterMs: 60_000 })).toEqual({
      once: 1,
      doubt: null,
    });
    expect(await countOutcomes(db, rolloutId)).toEqual({ planned: 3 });
    await noteNotFound(db, orgId, ['person-2']);
    expect(await recordNotFound(db, { ...wave, confirmAfterMs: 0 })).toEqual({
      once: 0,
      doubt: null,
    });
    expect(await countOutcomes(db, rolloutId)).toEqual({ gone: 1, planned: 2 });
    expect(await plannedPersons(db, rolloutId, 1)).toEqual(['person-1', 'person-3']);
  });

  it('R88 believes that many users are gone only once a person has seen the figures', async () => {
    const users = Array.from({ length: 61 }, () => ({}));
    const personIds = users.map((_, at) => `person-${at + 1}`);
    const { orgId, rolloutId } = await aRollout(db, { users });
    const { startedAt: since } = await seen(orgId, personIds);
    const read = { rolloutId, wave: 1, since, confirmAfterMs: 0 };
    const doubtAbout = async (notFound: string[]) => {
      await noteNotFound(db, orgId, notFound);
      return (await recordNotFound(db, read)).doubt;
    };
    const moved = (from: Phase, to: Phase, version: number, reason: string) => {
      const actor = { name: 'tester', role: 'operator' };
      const rest = { actor, reason, waitingFor: null };
      return recordMove(db, { orgId, rolloutId, from, to, version, ...rest });
    };
    const doubt = await doubtAbout(personIds.slice(1));
    expect(doubt).toContain('did not find 60 of 61 users of wave 1');
    expect(await doubtAbout([])).toBe(doubt);
    expect(await countOutcomes(db, rolloutId)).toEqual({ planned: 61 });

    await moved('rolling-out', 'halted', 2, doubt ?? '');
    expect(await doubtAbout([])).toBe(doubt);
    await moved('halted', 'rolling-out', 3, 'I have looked');
    const other = await doubtAbout(['person-1']);
    expect(other).toContain('61 of 61');
    expect(await countOutcomes(db, rolloutId)).toEqual({ planned: 61 });

    await moved('rolling-out', 'halted', 4, other ?? '');
    await moved('halted', 'rolling-out', 5, 'they are gone');
    expect(await doubtAbout([])).toBeNull();
    expect(await countOutcomes(db, rolloutId)).toEqual({ gone: 61 });
  });

  it('R88 adds up who was not found, and needs no more proof for whom a check found to be gone', async () => {
    const users = Array.from({ length: 40 }, () => ({}));
    const personIds = users.map((_, at) => `person-${at + 1}`);
    const { orgId, rolloutId } = await aRollout(db, { users });
    const { startedAt: since } = await seen(orgId, personIds);
    const read = { rolloutId, wave: 1, since, confirmAfterMs: 0 };
    await db.$client.query(
      `UPDATE directory_user SET gone_at = now()
       WHERE org_id = $1 AND person_id IN (SELECT 'person-' || generate_series(21, 40))`,
      [orgId],
    );
    await noteNotFound(db, orgId, personIds.slice(0, 5));
    expect(await recordNotFound(db, read)).toEqual({ once: 0, doubt: null });
    expect(await countOutcomes(db, rolloutId)).toEqual({ gone: 25, planned: 15 });
    await noteNotFound(db, orgId, personIds.slice(5, 6));
    expect((await recordNotFound(db, read)).doubt).toContain('6 of 20 users');
    expect(await countOutcomes(db, rolloutId)).toEqual({ gone: 25, planned: 15 });
  });

  it('pages hold the planned rows of one wave and range, in order', async () => {
    const waves = [1, 2, 1, 1, 2, 1];
    const { rolloutId } = await aRollout(db, { users: waves.map((wave) => ({ wave })) });
    const page = await shardPage(db, { rolloutId, wave: 1, fromSeq: 2, toSeq: 6, limit: 2 });
    expect(page.map(({ seq }) => seq)).toEqual([3, 4]);
  });
});

describe('verification', () => {
  it('R80 waits only for written users, and ends those that were applied as unconverged', async () => {
    const { rolloutId } = await aRollout(db, { users: [{}, {}, {}, {}] });
    await written(rolloutId, 1, 'applied');
    await written(rolloutId, 2, 'partial', [addLicense('MS')]);
    await written(rolloutId, 3, 'applied');
    expect(await unconvergedPersons(db, rolloutId, [1])).toEqual([
      'person-1',
      'person-2',
      'person-3',
    ]);
    await markConverged(db, rolloutId, [1, 2]);
    expect(await countUnconverged(db, rolloutId, [1])).toBe(1);
    expect(await markUnconverged(db, rolloutId, [1])).toBe(1);
    expect(await countOutcomes(db, rolloutId)).toEqual({
      converged: 1,
      partial: 1,
      unconverged: 1,
      planned: 1,
    });
  });

  it('repeats only attendee changes that were not refused, and only once', async () => {
    const site = 'acme.webex.com';
    const changes = [addLicense('MS'), removeAttendee(site), removeAttendee('other.webex.com')];
    const { rolloutId } = await aRollout(db, { users: [{ changes }] });
    await written(rolloutId, 1, 'partial', [removeAttendee('other.webex.com')]);
    const repeat = await takeRepeat(db, rolloutId, 1);
    expect(repeat?.changes.map(({ target }) => target)).toEqual([{ kind: 'attendee', site }]);
    const call = repeat!.call;
    await recordRepeat(db, { rolloutId, seq: 1, call, answered: nothing, changed: [] });
    expect(await takeRepeat(db, rolloutId, 1)).toBeNull();
    const input = { rolloutId, waves: [1], personIds: ['person-1'] };
    expect(await unconvergedRows(db, input)).toMatchObject([{ seq: 1, repeated: nothing }]);
  });

  it('ends under its own number, and no later call with it', async () => {
    const site = 'one.webex.com';
    const { rolloutId } = await aRollout(db, { users: [{ changes: [removeAttendee(site)] }] });
    await written(rolloutId, 1, 'applied');
    const first = await takeRepeat(db, rolloutId, 1);
    const second = await takeRepeat(db, rolloutId, 1);
    await endRepeat(db, { rolloutId, seq: 1, call: first!.call });
    expect((await rowOf(db, rolloutId, 1)).in_flight_until).not.toBeNull();
    await endRepeat(db, { rolloutId, seq: 1, call: second!.call });
    expect((await rowOf(db, rolloutId, 1)).in_flight_until).toBeNull();
  });
});

describe('verification of what another rollout has changed since', () => {
  /** A later rollout writes these changes of the same user; `done`: of these, what the answer showed. */
  async function later(orgId: string, personId: string, changes: Change[], done = changes) {
    const other = await aRollout(db, { orgId, users: [{ personId, changes }], phase: 'piloting' });
    const permit = await takePermit(db, other.rolloutId, 1);
    const call = permit.kind === 'granted' ? permit.write.call : 0;
    await recordOutcome(db, {
      rolloutId: other.rolloutId,
      seq: 1,
      call,
      outcome: 'applied',
      answered: nothing,
      done,
      refused: [],
      detail: null,
      trackingId: null,
      putBack: null,
      actor: 'rollout',
    });
  }

  /** A rollout that only verifies; its first user has these changes. */
  async function verifying(changes: Change[], refused: Change[] = []) {
    const story = await aRollout(db, { users: [{ changes }, {}] });
    await written(story.rolloutId, 1, 'applied', refused);
    await written(story.rolloutId, 2, 'applied');
    await db.$client.query(
      `UPDATE rollout SET phase = 'verifying', started_at = now() - interval '1 hour'
       WHERE rollout_id = $1`,
      [story.rolloutId],
    );
    return story;
  }

  it.each<[string, Change[], Change[], Change[], number]>([
    ['changed back', [addLicense('MS')], [], [removeLicense('MS')], 1],
    ['changed in part', [addLicense('MS'), addLicense('EE')], [], [removeLicense('MS')], 0],
    ['changed elsewhere', [addLicense('MS')], [], [addLicense('EE')], 0],
    [
      'changed back but for what was refused',
      [addLicense('MS'), addLicense('EE')],
      [addLicense('EE')],
      [removeLicense('MS')],
      1,
    ],
  ])('R80 R99 calls superseded, or not, who was %s', async (_, changes, refused, by, users) => {
    const { orgId, rolloutId } = await verifying(changes, refused);
    await later(orgId, 'person-1', by);
    expect(await markSuperseded(db, rolloutId, [1])).toBe(users);
    expect(await markUnconverged(db, rolloutId, [1])).toBe(2 - users);
    const counts = users === 0 ? { unconverged: 2 } : { superseded: 1, unconverged: 1 };
    expect(await countOutcomes(db, rolloutId)).toEqual(counts);
  });

  it('R80 asks only for the rest of a change to be seen', async () => {
    const { orgId, rolloutId } = await verifying([addLicense('MS'), addLicense('EE')]);
    await later(orgId, 'person-1', [removeLicense('MS')]);
    const input = { rolloutId, waves: [1], personIds: ['person-1', 'person-2'] };
    const rows = await unconvergedRows(db, input);
    expect(rows.map(({ superseded }) => superseded).sort()).toEqual([['MS'], []].sort());
  });

  it.each<[string, Change[], string]>([
    ['made before it', [removeLicense('MS')], `written_at = now() + interval '1 minute'`],
    ['was refused', [], 'attempts = attempts'],
  ])('R80 still waits for a change after one of another rollout that %s', async (_, done, set) => {
    const { orgId, rolloutId } = await verifying([addLicense('MS')]);
    await later(orgId, 'person-1', [removeLicense('MS')], done);
    await setRows(rolloutId, set);
    expect(await markSuperseded(db, rolloutId, [1])).toBe(0);
  });
});

describe('reopenFailedRows', () => {
  it('makes the failed rows one more wave, with a clean guard, and finds it again', async () => {
    const { rolloutId } = await aRollout(db, { users: [{}, {}, {}] });
    await written(rolloutId, 1, 'applied');
    await written(rolloutId, 2, 'failed', [addLicense('MS')]);
    await takePermit(db, rolloutId, 3);
    const lost = { countsAttempt: true, isAnswered: false, detail: 'reset' };
    await endCall(db, { rolloutId, seq: 3, call: 1, ...lost });
    await db.$client.query(
      `UPDATE rollout_user SET outcome = 'failed' WHERE rollout_id = $1 AND seq = 3`,
      [rolloutId],
    );
    await recordHold(db, rolloutId, 'two failed');
    const wave = { wave: 2, users: 2, fromSeq: 2, toSeq: 3, lastStep: 1 };
    expect(await reopenFailedRows(db, rolloutId)).toEqual(wave);
    expect(await reopenFailedRows(db, rolloutId)).toEqual(wave);
    expect(await rowOf(db, rolloutId, 2)).toMatchObject({
      attempts: 0,
      refused: null,
      detail: null,
    });
    const hold = 'SELECT to_jsonb(r) FROM rollout r WHERE rollout_id = $1';
    expect(await valueOf(db, hold, [rolloutId])).toMatchObject({
      hold: null,
      guard_from: { written: 1, failed: 0 },
    });
  });

  it('R46 keeps the order of the plan, wave by wave and step by step, in one range', async () => {
    const waves = [1, 1, 1, 2, 2, 2];
    const users = waves.map((wave) => ({ wave, outcome: 'failed' as const }));
    const { rolloutId } = await aRollout(db, { users });
    await setRows(rolloutId, 'step = CASE WHEN seq IN (3, 5, 6) THEN 1 ELSE 0 END');
    expect(await reopenFailedRows(db, rolloutId)).toEqual({
      wave: 3,
      users: 6,
      fromSeq: 1,
      toSeq: 6,
      lastStep: 4,
    });
    const page = await shardPage(db, { rolloutId, wave: 3, fromSeq: 1, toSeq: 6, limit: 9 });
    expect(page.map(({ seq, step }) => [seq, step])).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 3],
      [5, 4],
      [6, 4],
    ]);
    await setRows(rolloutId, `outcome = CASE WHEN seq IN (2, 6) THEN 'failed' ELSE 'applied' END`);
    const again = { wave: 4, users: 2, fromSeq: 2, toSeq: 6, lastStep: 2 };
    expect(await reopenFailedRows(db, rolloutId)).toEqual(again);
  });

  it('R102 leaves out whom another rollout has taken up', async () => {
    const failed = { outcome: 'failed' as const };
    const { rolloutId } = await aRollout(db, { users: [failed, failed] });
    await setRows(rolloutId, 'taken_up_by = gen_random_uuid()', 'seq = 1');
    expect(await reopenFailedRows(db, rolloutId)).toMatchObject({ users: 1, fromSeq: 2 });
    expect(await rowOf(db, rolloutId, 1)).toMatchObject({ outcome: 'failed', wave: 1 });
  });

  it('finds nothing where nobody failed', async () => {
    const { rolloutId } = await aRollout(db, { users: [{ outcome: 'converged' }] });
    expect(await reopenFailedRows(db, rolloutId)).toBeNull();
  });
});
