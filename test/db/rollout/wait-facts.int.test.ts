import type { Db } from '../../../src/db/connect';
import { findRollout } from '../../../src/db/rollout/rollouts';
import { readWaits } from '../../../src/db/rollout/wait-facts';
import { endCall } from '../../../src/db/write/end-call';
import { takePermit } from '../../../src/db/write/permit';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { aRollout, type SeededRollout } from '../../support/seed';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.drop());

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
      ...{ throttledSeconds: 0, soakSeconds: null, withoutUnit: 0 },
    });
  });
});
