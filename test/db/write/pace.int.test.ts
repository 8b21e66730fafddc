import { randomUUID } from 'node:crypto';
import { updatePace } from '../../../src/db/write/pace';
import { onThrottled, startPace } from '../../../src/domain/rollout/pace';
import { createTestDatabase, type TestDatabase } from '../../support/database';

describe('updatePace', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ maxConnections: 20 });
  });
  afterAll(() => database.drop());

  it('stores the first pace, and leaves it where there is nothing to change', async () => {
    const orgId = randomUUID();
    const pace = await updatePace(database.db, orgId, startPace(10), () => null);
    expect(pace).toEqual({ state: startPace(10), notBefore: null });
    const again = await updatePace(database.db, orgId, startPace(99), () => null);
    expect(again.state.configuredPerSecond).toBe(10);
  });

  it('halves once for a crowd of 429s that arrive together', async () => {
    const orgId = randomUUID();
    const nowMs = Date.now();
    const crowd = Array.from({ length: 40 }, () =>
      updatePace(database.db, orgId, startPace(40), (pace) => ({
        state: onThrottled(pace.state, nowMs),
        notBefore: new Date(nowMs + 5_000),
      })),
    );
    await Promise.all(crowd);
    const { state, notBefore } = await updatePace(database.db, orgId, startPace(1), () => null);
    expect(state.currentPerSecond).toBe(20);
    expect(notBefore?.getTime()).toBe(nowMs + 5_000);
  });

  it('changes nothing when the change throws', async () => {
    const orgId = randomUUID();
    const fails = updatePace(database.db, orgId, startPace(10), () => {
      throw new Error('no');
    });
    await expect(fails).rejects.toThrow('no');
    const pace = await updatePace(database.db, orgId, startPace(7), () => null);
    expect(pace.state.configuredPerSecond).toBe(7);
  });
});
