import { randomUUID } from 'node:crypto';
import type { Db } from '../../../../src/db/connect';
import { mirrorLicenses } from '../../../../src/db/directory/mirror/mirror-licenses';
import { mirrorUsers } from '../../../../src/db/directory/mirror/mirror-people';
import { beginRead } from '../../../../src/db/directory/reads';
import { settleHolders } from '../../../../src/db/directory/settle/settle-holders';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { valueOf } from '../../../support/seed';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.drop());

/** So many people hold a license that a template gave them, or those from `ownedFrom` on, long ago. */
async function holders(count: number, ownedFrom = 0) {
  const orgId = randomUUID();
  const license = async (consumedUnits: number | null) =>
    mirrorLicenses(
      db,
      orgId,
      [
        {
          id: 'MS',
          offer: 'MS',
          name: 'MS',
          site: null,
          subscriptionId: null,
          siteType: null,
          totalUnits: 1_000,
          consumedUnits,
        },
      ],
      await beginRead(db, orgId),
    );
  const read = async (held: (n: number) => boolean) => {
    const users = Array.from({ length: count }, (_, n) => ({
      personId: `p${n}`,
      email: `p${n}@acme.example`,
      displayName: `p${n}`,
      kind: 'person' as const,
      status: null,
      createdAt: null,
      holdings: { licenses: held(n) ? ['MS'] : [], attendeeSites: null },
    }));
    await mirrorUsers(db, orgId, users, await beginRead(db, orgId));
  };
  const begin = () => beginRead(db, orgId);
  const settle = (startedAt: Date) => settleHolders(db, { orgId, startedAt, confirmAfterMs: 0 });
  /** One check, which returns when it began: everybody, then those who seem to have lost something once more. */
  const check = async (held: (n: number) => boolean) => {
    const { startedAt } = await begin();
    await read(held);
    await read(held);
    await settle(startedAt);
    return startedAt;
  };
  await license(count);
  await read(() => true);
  await db.$client.query(
    `INSERT INTO provenance (org_id, person_id, target, kind, template_id, rollout_id, since)
     SELECT org_id, person_id, 'MS', 'template', 'sales', gen_random_uuid(), now() - interval '2 days'
     FROM directory_user WHERE org_id = $1 AND substr(person_id, 2)::int >= $2`,
    [orgId, ownedFrom],
  );
  await check(() => true);
  const owned = () =>
    valueOf<number>(
      db,
      'SELECT count(*)::int FROM provenance WHERE org_id = $1 AND ended_at IS NULL',
      [orgId],
    );
  const refusal = () =>
    valueOf<string | null>(
      db,
      `SELECT refusal || ' ' || refused_before || ' ' || refused_now FROM directory_belief
       WHERE org_id = $1 AND list = 'holders:MS'`,
      [orgId],
    );
  return { orgId, license, check, begin, settle, owned, refusal };
}

describe('settleHolders', () => {
  it('R88 R92 one short list of holders ends the ownership of nobody', async () => {
    const { check, owned, refusal } = await holders(401);
    await check((n) => n < 300);
    expect(await owned()).toBe(401);
    expect(await refusal()).toBe('drop 401 300');
    await check(() => true);
    expect(await owned()).toBe(401);
    expect(await refusal()).toBeNull();
  });

  it('R88 R92 a smaller gap is refused too while licenses say that as many units are used', async () => {
    const { license, check, owned, refusal } = await holders(401);
    await license(420);
    await check((n) => n < 371);
    expect(await owned()).toBe(401);
    expect(await refusal()).toBe('other-source 401 371');
    await license(371);
    await check((n) => n < 371);
    expect(await owned()).toBe(371);
    expect(await refusal()).toBeNull();
  });

  it('R92 two checks that agree are believed', async () => {
    const { license, check, owned, refusal } = await holders(60);
    await license(20);
    for (const left of [60, 20]) {
      await check((n) => n < 20);
      expect(await owned()).toBe(left);
    }
    expect(await refusal()).toBeNull();
  });

  it('R88 R92 a check that is repeated, or that overlaps another, is no second one', async () => {
    // Also where few of those who lost it had it from a template: their number is confirmed once.
    for (const ownedFrom of [0, 56]) {
      const { license, check, begin, settle, owned } = await holders(60, ownedFrom);
      await license(20);
      const overlapping = await begin();
      await settle(await check((n) => n < 20));
      await settle(overlapping.startedAt);
      expect(await owned()).toBe(60 - ownedFrom);
      await check((n) => n < 20);
      expect(await owned()).toBe(ownedFrom === 0 ? 20 : 0);
    }
  });

  describe('R88 what Seatwise has removed itself is no drop', () => {
    /** Entries of the ledger about users `from` to `to`, after the list was accepted. */
    const wrote = async (orgId: string, operation: string, from: number, to: number) =>
      db.$client.query(
        `INSERT INTO ledger (org_id, person_id, rollout_id, seq, operation, target, change, actor)
         SELECT $1, 'p' || n, gen_random_uuid(), n, $2, 'MS', '{}', 'rollout'
         FROM generate_series($3::int, $4::int) n`,
        [orgId, operation, from, to],
      );

    it('so that the list is believed at once, and goes on from the smaller number', async () => {
      const { orgId, check, refusal } = await holders(40, 40);
      await wrote(orgId, 'remove', 20, 39);
      await check((n) => n < 20);
      expect(await refusal()).toBeNull();
      await check((n) => n < 10);
      expect(await refusal()).toBe('drop 20 10');
    });

    it('and more than that is one still', async () => {
      const { orgId, check, refusal } = await holders(40, 40);
      await wrote(orgId, 'remove', 30, 39);
      await check((n) => n < 20);
      expect(await refusal()).toBe('drop 30 20');
    });

    it.each([
      { wrote: ['remove', 'add'], why: 'was put back' },
      { wrote: ['add', 'remove'], why: 'was not counted before' },
    ])('what $why counts as nothing', async ({ wrote: operations }) => {
      const { orgId, check, refusal } = await holders(40, 40);
      for (const operation of operations) await wrote(orgId, operation, 30, 39);
      await check((n) => n < 30);
      expect(await refusal()).toBe('drop 40 30');
    });
  });

  it('R92 in a small organization a few who lose it are believed at once', async () => {
    const { license, check, owned, refusal } = await holders(6);
    await license(1);
    await check((n) => n < 1);
    expect(await owned()).toBe(1);
    expect(await refusal()).toBeNull();
  });
});
