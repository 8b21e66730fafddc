import { randomUUID } from 'node:crypto';
import { readCandidates } from '../../../src/db/plan/read-candidates';
import type { Db } from '../../../src/db/connect';
import { mirrorUsers } from '../../../src/db/directory/mirror/mirror-people';
import type { MirroredUser } from '../../../src/db/directory/mirror/mirrored-user';
import { beginRead } from '../../../src/db/directory/reads';
import {
  mirrorNumbers,
  type MirroredNumber,
} from '../../../src/db/directory/mirror/mirror-numbers';
import { organization } from '../../../src/db/schema';
import type { CallingRecord, CallingVerdict } from '../../../src/domain/licenses/calling';
import { createTestDatabase, type TestDatabase } from '../../support/database';

const nothing: CallingRecord = { locationId: null, workNumber: null, extension: null };

describe('what planning knows for Calling', () => {
  let database: TestDatabase;
  let db: Db;
  let orgId: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    db = database.db;
  });
  beforeEach(async () => {
    const orgUuid = randomUUID();
    orgId = `org-${orgUuid}`;
    await db.insert(organization).values({ orgId, orgUuid, displayName: 'Acme' });
  });
  afterAll(() => database.drop());

  async function mirror(personId: string, given: Partial<MirroredUser>): Promise<void> {
    const user: MirroredUser = {
      personId,
      email: `${personId}@acme.example`,
      displayName: personId,
      kind: 'person',
      status: null,
      createdAt: null,
      holdings: { licenses: [], attendeeSites: null },
      ...given,
    };
    await mirrorUsers(db, orgId, [user], await beginRead(db, orgId));
  }

  function number(given: Partial<MirroredNumber> = {}): MirroredNumber {
    return { number: '+99911111111', locationId: 'lyon', ownerId: null, state: null, ...given };
  }

  async function verdicts(withCalling = true): Promise<Record<string, CallingVerdict | undefined>> {
    const found: Record<string, CallingVerdict | undefined> = {};
    const scope = {
      orgId,
      groups: [],
      reach: { kind: 'everybody' } as const,
      pilotUsers: [],
      pilotGroups: [],
      withProvenance: false,
      withCalling,
    };
    for await (const page of readCandidates(db, scope)) {
      for (const { personId, calling } of page) found[personId] = calling;
    }
    return found;
  }

  it('R62 R63 reads the location of the number from the inventory', async () => {
    await mirror('ann', { calling: { ...nothing, workNumber: '+99911111111' } });
    await mirrorNumbers(db, orgId, [number()]);
    expect(await verdicts()).toEqual({
      ann: { can: true, properties: { locationId: 'lyon', phoneNumber: '+99911111111' } },
    });
    expect(await verdicts(false)).toEqual({ ann: undefined });
  });

  it.each<[string, MirroredNumber[] | null, string | null]>([
    ['free', [number()], null],
    ['their own', [number({ ownerId: 'ann' })], null],
    ['taken', [number({ ownerId: 'workspace' })], 'assigned to another user'],
    [
      'listed without a location',
      [number({ locationId: null })],
      "isn't provisioned at any location",
    ],
    ['not listed', [], "isn't provisioned at any location"],
    ['in no inventory that can be read', null, "can't be looked up"],
  ])('R63 R69 judges a number that is %s', async (_, numbers, why) => {
    await mirror('ann', { calling: { ...nothing, workNumber: '+99911111111' } });
    await mirrorNumbers(db, orgId, numbers);
    const { ann } = await verdicts();
    if (why === null) expect(ann).toMatchObject({ can: true });
    else {
      expect(ann).toMatchObject({
        can: false,
        cause: 'bad-number',
        text: expect.stringContaining(why) as string,
      });
    }
  });

  it('R63 believes the record of the user where the inventory can not be read', async () => {
    const calling = { locationId: 'lyon', workNumber: '+99911111111', extension: '11' };
    await mirror('ann', { calling });
    await mirrorNumbers(db, orgId, null);
    expect((await verdicts()).ann).toEqual({
      can: true,
      properties: { locationId: 'lyon', phoneNumber: '+99911111111', extension: '11' },
    });
  });

  it('R63 assigns a number that two users have to neither of them', async () => {
    await mirror('ann', { calling: { ...nothing, workNumber: '+99911111111' } });
    await mirror('bob', { calling: { ...nothing, workNumber: '+99911111111' } });
    await mirror('cas', { calling: nothing });
    await mirrorNumbers(db, orgId, [number()]);
    expect(await verdicts()).toMatchObject({
      ann: { can: false, cause: 'bad-number' },
      bob: { can: false, cause: 'bad-number' },
      cas: { can: false, cause: 'no-number' },
    });
  });

  it('R62 keeps what is known when a later read asks for nothing of it', async () => {
    await mirror('ann', { calling: { ...nothing, extension: '11', locationId: 'lyon' } });
    await mirror('ann', { calling: null });
    await mirror('bob', {});
    expect(await verdicts()).toMatchObject({
      ann: { can: true },
      bob: { can: false, cause: 'no-number' },
    });
  });

  it('R63 forgets numbers that the inventory no longer has', async () => {
    await mirror('ann', { calling: { ...nothing, workNumber: '+99911111111' } });
    await mirrorNumbers(db, orgId, [number()]);
    await mirrorNumbers(db, orgId, [number({ number: '+99922222222' })]);
    expect((await verdicts()).ann).toMatchObject({ can: false, cause: 'bad-number' });
  });
});
