import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityExecuteInput } from '@temporalio/worker';
import type { WorkTrouble } from '../../src/domain/rollout/waiting-for';
import { noteWorkTrouble } from '../../src/worker/note-work-trouble';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { aRollout, valueOf } from '../support/seed';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** An attempt of an activity of a rollout. */
async function attempt(rolloutId: unknown, work: () => unknown, n = 1, activityType = 'movePhase') {
  const context = { info: { activityType, attempt: n } } as unknown as Context;
  const { inbound } = noteWorkTrouble(database.db)(context);
  const input: ActivityExecuteInput = { args: [{ rolloutId }], headers: {} };
  return await inbound!.execute!(input, () => Promise.resolve().then(work)).catch(() => 'failed');
}

const throws = (error: unknown) => () => {
  throw error as Error;
};
const troubleOf = (rolloutId: string) =>
  valueOf<WorkTrouble | null>(
    database.db,
    'SELECT work_trouble FROM rollout WHERE rollout_id = $1',
    [rolloutId],
  );

describe('an activity that fails by itself', () => {
  it('is noted on its rollout, since its first failure, until it succeeds', async () => {
    const { rolloutId } = await aRollout(database.db);
    await attempt(rolloutId, throws(new TypeError('no x of ada@acme.example')));
    const first = await troubleOf(rolloutId);
    expect(first).toEqual({
      activity: 'movePhase',
      error: 'no x of [address]',
      since: expect.stringMatching(/^20.*Z$/) as string,
    });
    await attempt(rolloutId, throws(new TypeError('no y')), 2);
    expect(await troubleOf(rolloutId)).toEqual({ ...first, error: 'no y' });
    await attempt(rolloutId, () => 'done', 2, 'noteProgress');
    expect(await troubleOf(rolloutId)).not.toBeNull();
    expect(await attempt(rolloutId, () => 'done', 3)).toBe('done');
    expect(await troubleOf(rolloutId)).toBeNull();
  });

  it.each([
    ['an answer of Webex', ApplicationFailure.create({ type: 'WebexUnavailable' }), 'observe'],
    [
      'a database that is away',
      Object.assign(new Error('x'), { severity: 'FATAL', code: '57P01' }),
      'movePhase',
    ],
    ['an error in the write of one user, which is on its row', new TypeError('x'), 'applyUser'],
  ])('is not %s', async (_, error, activity) => {
    const { rolloutId } = await aRollout(database.db);
    expect(await attempt(rolloutId, throws(error), 1, activity)).toBe('failed');
    expect(await troubleOf(rolloutId)).toBeNull();
  });

  it('is none of a rollout where it is about none', async () => {
    expect(await attempt(null, throws(new TypeError('x')), 1, 'observe')).toBe('failed');
  });
});
