import { countOwed } from '../../../../src/db/rollout/replan';
import type { Db } from '../../../../src/db/connect';
import { findRollout } from '../../../../src/db/rollout/rollouts';
import { recordWorker } from '../../../../src/db/directory/worker-state';
import { readWaits } from '../../../../src/db/rollout/progress/wait-facts';
import { isFinal } from '../../../../src/domain/rollout/rollout-phase';
import { endCall } from '../../../../src/db/write/end-call';
import { takePermit } from '../../../../src/db/write/permit';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { aRollout, type SeededRollout } from '../../../support/seed';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.drop());

const sql = (text: string, ...values: unknown[]) => db.$client.query(text, values);

async function acted(
  { orgId, rolloutId }: SeededRollout,
  action: string,
  { settled }: { settled: string | null },
): Promise<void> {
  await sql(
    `INSERT INTO pending_action (update_id, org_id, rollout_id, workflow_id, update_name, input,
       settled_at, result)
     VALUES (gen_random_uuid()::text, $1, $2, 'w', $3, '{"expectedPhaseVersion": 1}',
       CASE WHEN $4::text IS NOT NULL THEN now() END, $4)`,
    ...[orgId, rolloutId, action, settled],
  );
}

async function waitsOf({ orgId, rolloutId }: SeededRollout) {
  return await readWaits(db, (await findRollout(db, orgId, rolloutId))!);
}

describe('what keeps a rollout waiting', () => {
  it('is nothing while it writes', async () => {
    expect(await waitsOf(await aRollout(db))).toEqual({
      retrying: null,
      busy: null,
      throttled: null,
      refused: null,
      accepted: null,
      owed: null,
      noWorker: null,
      throttledSeconds: 0,
      soakSeconds: null,
    });
  });

  it('are users between two attempts, with what the last one met', async () => {
    const story = await aRollout(db, { users: [{}, {}, {}] });
    const { rolloutId } = story;
    for (const [seq, detail] of [
      [1, '503'],
      [2, '502'],
    ] as const) {
      await takePermit(db, rolloutId, seq);
      await endCall(db, { rolloutId, seq, call: 1, countsAttempt: true, isAnswered: true, detail });
    }
    expect(await waitsOf(story)).toMatchObject({ retrying: { users: 2, lastError: '502' } });
  });

  it('is the wait that Webex asked for, with its end and its reason', async () => {
    const story = await aRollout(db);
    await db.$client.query(
      `INSERT INTO org_pace (org_id, state, not_before, wait_reason)
       VALUES ($1, '{}', now() + interval '1 hour', '429')`,
      [story.orgId],
    );
    const { throttled, throttledSeconds } = await waitsOf(story);
    expect(throttled).toEqual({ until: expect.stringMatching(/^20.*Z$/) as string, reason: '429' });
    expect(throttledSeconds).toBeGreaterThan(3_500);
  });

  it('is the rest of a soak time, and none once it is over', async () => {
    const story = await aRollout(db);
    const soak = (interval: string) =>
      db.$client.query(
        `UPDATE rollout SET soaks_until = now() + $2::interval WHERE rollout_id = $1`,
        [story.rolloutId, interval],
      );
    await soak('10 minutes');
    expect((await waitsOf(story)).soakSeconds).toBeGreaterThan(500);
    await soak('-10 minutes');
    expect((await waitsOf(story)).soakSeconds).toBe(0);
  });

  it('is the decision of a person, where an accepted start was refused', async () => {
    const story = await aRollout(db, { phase: 'planned' });
    await db.$client.query(
      `INSERT INTO pending_action (update_id, org_id, rollout_id, workflow_id, update_name, input,
         settled_at, result) VALUES ('one', $1, $2, 'w', 'start', '{}', now(), 'refused: it is busy')`,
      [story.orgId, story.rolloutId],
    );
    expect((await waitsOf(story)).refused).toEqual({ action: 'start', why: 'it is busy' });
  });

  it('is nothing once the rollout has ended', async () => {
    const story = await aRollout(db, { phase: 'aborted' });
    expect(await waitsOf(story)).toEqual({
      ...{ throttledSeconds: 0, soakSeconds: null, withoutUnit: 0, lastWrites: 0 },
      ...{ owed: null, noWorker: null },
    });
    await sql("UPDATE rollout SET phase = 'expired' WHERE rollout_id = $1", story.rolloutId);
    expect(await waitsOf(story)).toEqual({ throttledSeconds: 0, soakSeconds: null });
  });

  it('is an action that a worker has yet to take', async () => {
    const story = await aRollout(db, { phase: 'awaiting-promotion' });
    await acted(story, 'promote', { settled: null });
    expect((await waitsOf(story)).accepted).toEqual({
      action: 'promote',
      at: expect.stringMatching(/^20.*Z$/) as string,
    });
  });

  it.each([
    [1, { action: 'promote', why: 'the plan is stale' }],
    [2, null],
  ])(
    'is a decision again after a refusal, if it was about version 1 (%i)',
    async (now, refused) => {
      const story = await aRollout(db, { phase: 'awaiting-promotion' });
      await acted(story, 'promote', { settled: 'refused: the plan is stale' });
      await sql(
        'UPDATE rollout SET phase_version = $2 WHERE rollout_id = $1',
        story.rolloutId,
        now,
      );
      expect((await waitsOf(story)).refused).toEqual(refused);
    },
  );

  it.each(['halted', 'verifying', 'aborted', 'failed'] as const)(
    'R95 is what is owed to users while it is %s, and why it can not be put back',
    async (phase) => {
      const story = await aRollout(db, { phase, users: [{}, {}, { outcome: 'failed' }] });
      await sql(
        `UPDATE rollout_user SET put_back = '[]', intent_at = now(), detail = 'PATCH /people: 403'
         WHERE rollout_id = $1 AND seq <> 2`,
        story.rolloutId,
      );
      const { owed, lastWrites } = await waitsOf(story);
      // A row that is closed as failed keeps its debt.
      expect(owed).toEqual({ users: 2, lastError: 'PATCH /people: 403' });
      if (isFinal(phase)) expect(lastWrites).toBe(1);
    },
  );

  it('R95 is Webex too, if something is owed after the end while it asks to wait', async () => {
    const story = await aRollout(db, { phase: 'aborted', users: [{}] });
    await sql(
      `INSERT INTO org_pace (org_id, state, not_before, wait_reason)
       VALUES ($1, '{}', now() + interval '1 hour', '429')`,
      story.orgId,
    );
    expect((await waitsOf(story)).throttled).toBeUndefined();
    await sql("UPDATE rollout_user SET put_back = '[]' WHERE rollout_id = $1", story.rolloutId);
    expect((await waitsOf(story)).throttled).toMatchObject({ reason: '429' });
  });

  it('R102 is the rollout whose users a plan takes up, until its rows are closed', async () => {
    const from = await aRollout(db, { phase: 'aborted', users: [{}] });
    const story = await aRollout(db, { orgId: from.orgId, phase: 'planning' });
    await sql(
      'UPDATE rollout SET replan_of = $2 WHERE rollout_id = $1',
      story.rolloutId,
      from.rolloutId,
    );
    expect((await waitsOf(story)).predecessor).toEqual({
      rolloutId: from.rolloutId,
      waitsFor: 'the last writes of 1 user to end',
    });
    await sql("UPDATE rollout_user SET outcome = 'withheld' WHERE rollout_id = $1", from.rolloutId);
    expect((await waitsOf(story)).predecessor).toBeNull();
  });

  it.each([
    ['5 minutes', true],
    ['11 minutes', false],
  ])('R95 R102 is what is owed there, %s after its end: %s', async (ago, isWaitedFor) => {
    const from = await aRollout(db, { phase: 'aborted', users: [{}] });
    const story = await aRollout(db, { orgId: from.orgId, phase: 'planning' });
    await sql(
      'UPDATE rollout SET replan_of = $2 WHERE rollout_id = $1',
      story.rolloutId,
      from.rolloutId,
    );
    await sql(
      'UPDATE rollout SET ended_at = now() - $2::interval WHERE rollout_id = $1',
      from.rolloutId,
      ago,
    );
    await sql(
      `UPDATE rollout_user SET put_back = changes, detail = '503' WHERE rollout_id = $1`,
      from.rolloutId,
    );
    const { predecessor } = await waitsOf(story);
    const waitsFor = 'the putting back of what 1 user lost: 503';
    expect(predecessor).toEqual(isWaitedFor ? { rolloutId: from.rolloutId, waitsFor } : null);
    expect(await countOwed(db, from.rolloutId)).toBe(1);
  });

  it('is a worker, once none has been there for a minute', async () => {
    const story = await aRollout(db);
    const { orgId } = story;
    await recordWorker(db, orgId, null);
    expect((await waitsOf(story)).noWorker).toBeNull();
    await recordWorker(db, orgId, 'GET /people/me: 503');
    expect((await waitsOf(story)).noWorker).toBeNull();
    await sql("UPDATE worker_state SET seen_at = now() - interval '2 minutes'");
    const since = expect.stringMatching(/^20.*Z$/) as string;
    const gone = { since, temporalAwaySince: null };
    expect((await waitsOf(story)).noWorker).toEqual({ ...gone, trouble: 'GET /people/me: 503' });
    await sql("UPDATE worker_state SET trouble_at = now() - interval '2 minutes'");
    expect((await waitsOf(story)).noWorker).toEqual({ ...gone, trouble: null });
  });
});
