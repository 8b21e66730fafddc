import { randomUUID } from 'node:crypto';
import { openDatabase } from '../../../src/db/connect';
import { liftWait, readPace, updatePace } from '../../../src/db/write/pace';
import { onThrottled, startPace } from '../../../src/domain/rollout/pace';
import { takePaceSlot } from '../../../src/db/write/pace-slot';
import { valueOf } from '../../support/seed';
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
    expect(pace).toEqual({ state: startPace(10), notBefore: null, waitReason: null });
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
        waitReason: '429',
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

  it('R93 gives the time of the database, not of the worker', async () => {
    const orgId = randomUUID();
    const times: number[] = [];
    await updatePace(database.db, orgId, startPace(10), (_, nowMs) => {
      times.push(nowMs);
      return null;
    });
    const ahead = `SELECT abs(extract(epoch FROM clock_timestamp()) * 1000 - $1::float8) < 60000`;
    expect(await valueOf(database.db, ahead, times)).toBe(true);
  });
});

describe('liftWait', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ maxConnections: 3 });
  });
  afterAll(() => database.drop());

  it('R98 ends a wait, says what was waited for, and finds none after it', async () => {
    const orgId = randomUUID();
    const notBefore = new Date('2343-01-01T00:00:00Z');
    await updatePace(database.db, orgId, startPace(10), (pace) => ({
      ...pace,
      notBefore,
      waitReason: '429 Too Many Requests',
    }));
    const lifted = await liftWait(database.db, orgId);
    expect(lifted).toEqual({ until: notBefore, reason: '429 Too Many Requests' });
    expect(await liftWait(database.db, orgId)).toBeNull();
    expect(await readPace(database.db, orgId)).toMatchObject({ notBefore: null, waitReason: null });
  });

  it('R98 finds none where a wait is over', async () => {
    const orgId = randomUUID();
    await updatePace(database.db, orgId, startPace(10), (pace) => ({
      ...pace,
      notBefore: new Date('2020-01-01T00:00:00Z'),
    }));
    expect(await liftWait(database.db, orgId)).toBeNull();
  });
});

describe('takePaceSlot', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ maxConnections: 20 });
  });
  afterAll(() => database.drop());

  async function anOrganization(perSecond: number, nextWriteAt = 'NULL'): Promise<string> {
    const orgId = randomUUID();
    await updatePace(database.db, orgId, startPace(perSecond), (pace) => pace);
    await database.db.$client.query(
      `UPDATE org_pace SET next_write_at = ${nextWriteAt} WHERE org_id = $1`,
      [orgId],
    );
    return orgId;
  }

  it('gives slots that follow each other at the pace, however many ask at once', async () => {
    const orgId = await anOrganization(50);
    const { db } = database;
    const before = await valueOf<string>(db, 'SELECT now()::text', []);
    const slots = await Promise.all(
      Array.from({ length: 60 }, () => takePaceSlot(database.db, orgId)),
    );
    const given = slots.filter((slot) => slot !== null).length;
    // Those who come at once are 1.2 s of the pace, and those who must come again.
    expect(given).toBeGreaterThan(40);
    const usedMs = await valueOf<number>(
      db,
      `SELECT extract(epoch FROM next_write_at - $2::timestamptz)::float8 * 1000
       FROM org_pace WHERE org_id = $1`,
      [orgId, before],
    );
    expect(usedMs).toBeGreaterThanOrEqual((given * 1_000) / 52.5 - 21);
  });

  it('gives every slot once, however many workers ask for many at once', async () => {
    const orgId = await anOrganization(50);
    const workers = Array.from({ length: 3 }, () => openDatabase(database.url));
    const before = await valueOf<string>(database.db, 'SELECT clock_timestamp()::text', []);
    const slots = await Promise.all(
      workers.flatMap((db) => Array.from({ length: 40 }, () => takePaceSlot(db, orgId))),
    );
    const given = slots.filter((slot) => slot !== null).length;
    expect(given).toBeGreaterThan(40);
    expect(given).toBeLessThan(120);
    const usedMs = await valueOf<number>(
      database.db,
      `SELECT extract(epoch FROM next_write_at - $2::timestamptz)::float8 * 1000
       FROM org_pace WHERE org_id = $1`,
      [orgId, before],
    );
    expect(usedMs).toBeGreaterThanOrEqual((given * 1_000) / 52.5 - 21);
    for (const db of workers) await db.$client.end();
  });

  it('tells those who ask together to begin one after another', async () => {
    const orgId = await anOrganization(50);
    const [, ...together] = await Promise.all(
      Array.from({ length: 11 }, () => takePaceSlot(database.db, orgId)),
    );
    const gaps = together.slice(1).map((waitMs, at) => waitMs! - together[at]!);
    for (const gap of gaps) expect(gap).toBeCloseTo(1_000 / 52.5, 1);
  });

  it('tells everybody who asks where the database refuses', async () => {
    const closed = openDatabase(database.url);
    await closed.$client.end();
    const asked = await Promise.allSettled([1, 2, 3].map(() => takePaceSlot(closed, 'nobody')));
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  it('lets a call begin at once after a rest, and one that comes early wait', async () => {
    const rested = await anOrganization(50, "now() - interval '1 hour'");
    expect(await takePaceSlot(database.db, rested)).toBe(0);
    const early = await anOrganization(50, "clock_timestamp() + interval '1 second'");
    const waitMs = await takePaceSlot(database.db, early);
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(1_000);
  });

  it('gives no slot that is far away, and reserves none then', async () => {
    const orgId = await anOrganization(0.01);
    expect(await takePaceSlot(database.db, orgId)).toBe(0);
    expect(await takePaceSlot(database.db, orgId)).toBeNull();
    const { db } = database;
    const farAway = `SELECT next_write_at < now() + interval '100 seconds' FROM org_pace WHERE org_id = $1`;
    expect(await valueOf<boolean>(db, farAway, [orgId])).toBe(true);
  });

  it('keeps nobody waiting in an organization without a pace', async () => {
    expect(await takePaceSlot(database.db, randomUUID())).toBe(0);
  });
});
