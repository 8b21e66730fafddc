import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { listLicenses } from '../../../../src/db/directory/find-directory';
import {
  mirrorLicenses,
  settleLicenses,
} from '../../../../src/db/directory/mirror/mirror-licenses';
import { beginRead } from '../../../../src/db/directory/reads';
import { BelievedList, type Check } from '../../../domain/interpreter/believed-list';
import { createTestDatabase, type TestDatabase } from '../../../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const confirmAfterMs = 30_000;
const numbered = (count: number) => Array.from({ length: count }, (_, n) => `license-${n}`);

async function mirrored(orgId: string, ids: readonly string[]): Promise<Date> {
  const { db } = database;
  const looked = await beginRead(db, orgId);
  const licenses = ids.map((id) => ({
    ...{ id, offer: 'MS', name: id, site: null, subscriptionId: null, siteType: null },
    ...{ totalUnits: 1, consumedUnits: 1 },
  }));
  await mirrorLicenses(db, orgId, licenses, looked);
  return looked.startedAt;
}

/** What is missing has been missing for a minute longer. */
async function aMinutePasses(orgId: string): Promise<void> {
  await database.db.$client.query(
    `UPDATE directory_license SET missing_since = missing_since - interval '1 minute'
     WHERE org_id = $1`,
    [orgId],
  );
}

/** Lists lack anything from nothing to all; often the same part twice. */
const someCheck = (all: readonly string[]): fc.Arbitrary<Check> => {
  const part = fc.oneof(
    fc.constant([...all]),
    fc.subarray([...all]),
    fc.nat(all.length).map((count) => all.slice(count)),
  );
  return fc.oneof(
    part.map((list) => ({ first: list, second: list })),
    fc.record({ first: part, second: part }),
  );
};

const someStory = fc
  .constantFrom(1, 4, 7, 12, 60)
  .map(numbered)
  .chain((all) =>
    fc.record({ all: fc.constant(all), checks: fc.array(someCheck(all), { maxLength: 5 }) }),
  );

describe('a list that is read again and again', () => {
  it('R88 R89 loses exactly what two lists of a check lack, where that is plausible or comes twice', async () => {
    await fc.assert(
      fc.asyncProperty(someStory, async ({ all, checks }) => {
        const orgId = randomUUID();
        const { db } = database;
        await mirrored(orgId, all);
        const model = new BelievedList(all);
        for (const check of checks) {
          const startedAt = await mirrored(orgId, check.first);
          await aMinutePasses(orgId);
          await mirrored(orgId, check.second);
          await settleLicenses(db, { orgId, startedAt, confirmAfterMs });
          model.check(check);
          await aMinutePasses(orgId);
          expect((await listLicenses(db, orgId)).map(({ id }) => id).sort()).toEqual(model.listed);
        }
      }),
      { numRuns: 15 },
    );
  });
});
