import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ActivityDeps } from '../../../src/activities/activity/deps';
import { observeActivities } from '../../../src/activities/directory/observe';
import { WebexError } from '../../../src/webex/port/webex';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { MirrorStory } from '../../support/mirror-story';
import { valueOf } from '../../support/seed';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const came = { list: 'people', shown: 3, promised: 9 } as const;

/** What Temporal gets to see of a read that came incomplete, so long after the first attempt. */
async function failureAfter(waitedMs: number, isForPlan = true) {
  const { db } = database;
  const story = new MirrorStory(db);
  const { orgId } = story;
  await story.users(new Date(0), [], 'ann');
  const rolloutId = isForPlan ? await story.rollout('planning', { isStarted: false }) : null;
  const context = { operation: 'GET /people', came };
  const error = new WebexError('incomplete', 'GET /people: 3 of 9', context);
  const webex = { listLicenses: () => Promise.reject(error) };
  const deps = { db, orgId, webex, confirmAfterMs: 30_000 } as unknown as ActivityDeps;
  const { observe } = observeActivities(deps);
  const environment = new MockActivityEnvironment({
    scheduledTimestampMs: 1_000_000,
    currentAttemptScheduledTimestampMs: 1_000_000 + waitedMs,
  });
  const input = { orgId, rolloutId };
  const failure: unknown = await environment
    .run<[typeof input], unknown, typeof observe>(observe, input)
    .catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(ApplicationFailure);
  const { type, nonRetryable, message } = failure as ApplicationFailure;
  const trouble = await valueOf<string | null>(
    db,
    'SELECT read_trouble FROM rollout WHERE rollout_id = $1',
    [rolloutId],
  );
  return { type, isRepeated: nonRetryable !== true, message, trouble };
}

describe('the read before a plan', () => {
  it('R87 R97 is repeated for two minutes where a list came incomplete, and the rollout says so', async () => {
    const failure = await failureAfter(100_000);
    expect(failure).toMatchObject({ type: 'ObservationIncomplete', isRepeated: true });
    expect(failure.trouble).toBe(
      'GET /people: 3 of 9. It is read again for 20 s; the plan can be discarded meanwhile',
    );
  });

  it('R87 then ends the plan with the reason', async () => {
    expect(await failureAfter(120_000)).toMatchObject({
      type: 'ObservationIncomplete',
      isRepeated: false,
      message: 'GET /people: 3 of 9',
    });
  });

  it('R87 without a plan, the next observation follows', async () => {
    expect(await failureAfter(0, false)).toMatchObject({
      type: 'ObservationIncomplete',
      isRepeated: false,
    });
  });
});
