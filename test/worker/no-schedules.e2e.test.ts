import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createLogger } from '../../src/logger';
import { createWatchSchedule } from '../../src/worker/watch-schedule';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { startTimeSkipping } from '../support/temporal';
import { closeRuntime } from '../support/world';

const logger = createLogger({ name: 'test', level: 'silent' });

describe('a server without schedules', () => {
  let database: TestDatabase;
  let timeless: TestWorkflowEnvironment;

  beforeAll(async () => {
    [timeless, database] = await Promise.all([startTimeSkipping(), createTestDatabase()]);
  });
  afterAll(async () => {
    await timeless.teardown();
    await database.drop();
    await closeRuntime();
  });

  it('R14 leaves the directory unwatched, and the worker alive', async () => {
    const { client } = timeless;
    const asked = jest.spyOn(client.schedule, 'getHandle');
    const orgId = randomUUID();
    await database.db.$client.query(
      `INSERT INTO organization (org_id, org_uuid, display_name, observed_at)
       VALUES ($1::text, $1::uuid, 'Acme', now())`,
      [orgId],
    );
    const ensure = createWatchSchedule({ db: database.db, client, orgId, logger });
    await ensure();
    expect(asked).toHaveBeenCalledTimes(1);
    await ensure();
    expect(asked).toHaveBeenCalledTimes(1);
    await expect(client.schedule.getHandle('watch/none').describe()).rejects.toThrow();
  });
});
