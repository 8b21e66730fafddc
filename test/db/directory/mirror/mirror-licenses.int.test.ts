import { randomUUID } from 'node:crypto';
import { listLicenses } from '../../../../src/db/directory/find-directory';
import {
  mirrorLicenses,
  settleLicenses,
} from '../../../../src/db/directory/mirror/mirror-licenses';
import { beginRead } from '../../../../src/db/directory/reads';
import type { License } from '../../../../src/domain/model/license';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { valueOf } from '../../../support/seed';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const aLicense = (id: string): License => ({
  id,
  offer: id.toUpperCase(),
  name: id,
  site: null,
  subscriptionId: null,
  siteType: null,
  totalUnits: 10,
  consumedUnits: 5,
});
const numbered = (count: number) => Array.from({ length: count }, (_, n) => `license-${n}`);

function anOrganization() {
  const { db } = database;
  const orgId = randomUUID();
  const read = async (ids: readonly string[]) => {
    const looked = await beginRead(db, orgId);
    await mirrorLicenses(db, orgId, ids.map(aLicense), looked);
    return looked.startedAt;
  };
  /** One check: a first list and, after the pause, a second one. */
  const check = async (first: readonly string[], second = first, confirmAfterMs = 0) => {
    const startedAt = await read(first);
    await read(second);
    await settleLicenses(db, { orgId, startedAt, confirmAfterMs });
  };
  /** The licenses that plans and rollouts know of. */
  const listed = async () => (await listLicenses(db, orgId)).map(({ id }) => id);
  const refused = () =>
    valueOf(
      db,
      `SELECT refusal || ': ' || refused_now || ' of ' || refused_before FROM directory_belief
       WHERE org_id = $1 AND list = 'licenses'`,
      [orgId],
    );
  return { read, check, listed, refused };
}

describe('a license that a list does not show', () => {
  it('R89 still counts where the second list of the check shows it', async () => {
    const { read, check, listed } = anOrganization();
    await read(['ms', 'ee']);
    await check(['ms'], ['ms', 'ee']);
    expect(await listed()).toEqual(['ee', 'ms']);
    // It isn't half gone: one more list without it begins anew.
    await read(['ms']);
    expect(await listed()).toEqual(['ee', 'ms']);
  });

  it('R89 still counts where the second list comes too soon', async () => {
    const { read, check, listed } = anOrganization();
    await read(['ms', 'ee']);
    await check(['ms'], ['ms'], 30_000);
    expect(await listed()).toEqual(['ee', 'ms']);
  });

  it('R89 is gone where two lists agree, and is there again when one shows it', async () => {
    const { read, check, listed } = anOrganization();
    await read(['ms', 'ee']);
    await check(['ms']);
    expect(await listed()).toEqual(['ms']);
    await read(['ms', 'ee']);
    expect(await listed()).toEqual(['ee', 'ms']);
    await check(['ms', 'ee']);
    expect(await listed()).toEqual(['ee', 'ms']);
  });
});

describe('a list of licenses that is short', () => {
  it('R88 is refused with both figures, and takes none', async () => {
    const { read, check, listed, refused } = anOrganization();
    const all = numbered(20);
    await read(all);
    await check(all.slice(0, 12));
    expect(await listed()).toHaveLength(20);
    expect(await refused()).toBe('drop: 12 of 20');
  });

  it('R88 counts once two checks have confirmed the same licenses', async () => {
    const { read, check, listed, refused } = anOrganization();
    const all = numbered(20);
    await read(all);
    await check(all.slice(0, 12));
    await check(all.slice(0, 12));
    expect(await listed()).toHaveLength(12);
    await check(all.slice(0, 12));
    expect(await refused()).toBeNull();
  });

  it('R88 takes none where each check lacks others', async () => {
    const { read, check, listed } = anOrganization();
    const all = numbered(20);
    await read(all);
    await check(all.slice(0, 12));
    await check(all.slice(8));
    await check(all.slice(0, 12));
    expect(await listed()).toHaveLength(20);
  });

  it('R88 is no trouble any more when a list is whole again', async () => {
    const { read, check, listed, refused } = anOrganization();
    const all = numbered(20);
    await read(all);
    await check(all.slice(0, 12));
    await check(all);
    expect(await listed()).toHaveLength(20);
    expect(await refused()).toBeNull();
  });

  it.each([1, 5])('R88 never takes all of %d licenses', async (count) => {
    const { read, check, listed } = anOrganization();
    await read(numbered(count));
    for (let n = 0; n < 3; n += 1) await check([]);
    expect(await listed()).toHaveLength(count);
  });
});
