import { ApplicationFailure } from '@temporalio/common';
import { patientRead } from '../../../src/activities/activity/patient-read';
import type { Db } from '../../../src/db/connect';
import { WebexError, type WebexErrorKind } from '../../../src/webex/port/webex';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { aRollout, valueOf } from '../../support/seed';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.drop());

function troubleOf(rolloutId: string): Promise<string | null> {
  return valueOf(db, 'SELECT read_trouble FROM rollout WHERE rollout_id = $1', [rolloutId]);
}

/** What Temporal gets to see of a read that fails. */
async function failureOf(rolloutId: string, error: Error): Promise<unknown> {
  return await patientRead(db, rolloutId, () => Promise.reject(error)).catch(
    (failure: unknown) => failure,
  );
}

describe('a read of Webex that a rollout needs', () => {
  it.each<[string, WebexErrorKind]>([
    ['a lost right', 'forbidden'],
    ['a page that is no JSON', 'contract'],
    ['a refusal', 'rejected'],
    ['"not found" for the whole list', 'not-found'],
    ['a list that came short', 'incomplete'],
    ['an outage', 'unavailable'],
    ['a 429', 'throttled'],
  ])('R97 is repeated after %s, and the rollout says so', async (_, kind) => {
    const { rolloutId } = await aRollout(db);
    const error = new WebexError(kind, 'GET /people: it went wrong', { operation: 'GET /people' });
    const failure = await failureOf(rolloutId, error);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect((failure as ApplicationFailure).nonRetryable).toBe(false);
    expect(await troubleOf(rolloutId)).toContain('GET /people: it went wrong');
    expect(await patientRead(db, rolloutId, () => Promise.resolve(7))).toBe(7);
    expect(await troubleOf(rolloutId)).toBeNull();
  });

  it('R97 says after a lost right what to do', async () => {
    const { rolloutId } = await aRollout(db);
    await failureOf(rolloutId, new WebexError('forbidden', '403', { operation: 'GET /people' }));
    expect(await troubleOf(rolloutId)).toContain('valid token');
  });

  it('says nothing of a read that ends with its worker', async () => {
    const { rolloutId } = await aRollout(db);
    await failureOf(rolloutId, new WebexError('aborted', 'stopped', { operation: 'GET /people' }));
    expect(await troubleOf(rolloutId)).toBeNull();
  });

  it('leaves a bug as it is', async () => {
    const { rolloutId } = await aRollout(db);
    const bug = new TypeError('undefined is not a function');
    expect(await failureOf(rolloutId, bug)).toBe(bug);
  });
});
