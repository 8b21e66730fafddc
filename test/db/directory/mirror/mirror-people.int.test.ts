import { randomUUID } from 'node:crypto';
import type { Db } from '../../../../src/db/connect';
import { findUsers, listLicenses } from '../../../../src/db/directory/find-directory';
import {
  mirrorLicenses,
  settleLicenses,
} from '../../../../src/db/directory/mirror/mirror-licenses';
import { noteNotFound, settlePeople } from '../../../../src/db/directory/settle/missing-people';
import { mirrorMembers } from '../../../../src/db/directory/mirror/mirror-members';
import { mirrorUsers } from '../../../../src/db/directory/mirror/mirror-people';
import type { MirroredUser } from '../../../../src/db/directory/mirror/mirrored-user';
import { beginRead } from '../../../../src/db/directory/reads';
import { readCandidates, type CandidateQuery } from '../../../../src/db/plan/read-candidates';
import type { Candidate } from '../../../../src/domain/kinds/candidate';
import type { Holdings } from '../../../../src/domain/model/user';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { aRollout, valueOf } from '../../../support/seed';
import { storePlanned } from '../../../support/stored-user';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase({ writableMirror: true });
  db = database.db;
});
afterAll(() => database.drop());

function aUser(personId: string, holdings: Partial<Holdings> = {}): MirroredUser {
  return {
    personId,
    email: `${personId}@acme.example`,
    displayName: personId,
    kind: 'person',
    status: 'active',
    createdAt: null,
    holdings: { licenses: [], attendeeSites: null, ...holdings },
  };
}

async function see(orgId: string, ...users: MirroredUser[]): Promise<void> {
  await mirrorUsers(db, orgId, users, await beginRead(db, orgId));
}

function scopeOf(orgId: string, more: Partial<CandidateQuery> = {}): CandidateQuery {
  return {
    orgId,
    groups: [],
    reach: { kind: 'everybody' },
    pilotUsers: [],
    pilotGroups: [],
    withProvenance: false,
    withCalling: false,
    ...more,
  };
}

async function candidates(scope: CandidateQuery): Promise<Candidate[]> {
  const all: Candidate[] = [];
  for await (const page of readCandidates(db, scope)) all.push(...page);
  return all;
}

describe('mirrorUsers', () => {
  it('keeps all addresses of a user as they are looked up, and forgets those that are gone', async () => {
    const orgId = randomUUID();
    const found = async (email: string) =>
      (await findUsers(db, { orgId, ids: [], emails: [email] })).map(({ personId }) => personId);
    const addresses = ['ada@acme.example', 'A\u0308nne@Acme.example'];
    await mirrorUsers(
      db,
      orgId,
      [{ ...aUser('ada'), addresses }, aUser('bob')],
      await beginRead(db, orgId),
    );
    expect(await found('\u00c4NNE@acme.example')).toEqual(['ada']);
    expect(await found('BOB@acme.example')).toEqual(['bob']);
    await mirrorUsers(db, orgId, [aUser('ada')], await beginRead(db, orgId));
    expect(await found('\u00c4NNE@acme.example')).toEqual([]);
  });

  /** A user whose write was answered with MS and attendee, some time ago. */
  const answered = async (ago: string, answer: Holdings) => {
    const orgId = randomUUID();
    await see(orgId, aUser('ada'));
    await db.$client.query(
      `UPDATE directory_user SET answered = $2, answered_at = now() - $3::interval WHERE org_id = $1`,
      [orgId, JSON.stringify(answer), ago],
    );
    return orgId;
  };
  const isBelieved = (orgId: string) =>
    valueOf<boolean>(db, 'SELECT answered IS NOT NULL FROM directory_user WHERE org_id = $1', [
      orgId,
    ]);
  const withMs = { licenses: ['MS'], attendeeSites: [] };
  const attending = { licenses: ['MS'], attendeeSites: ['acme.webex.com'] };

  it.each([
    ['a read that disagrees changes nothing', '1 hour', withMs, {}, true],
    ['a read that agrees ends the belief', '1 hour', withMs, withMs, false],
    [
      'a read that is silent about no attendee account agrees',
      '1 h',
      withMs,
      { licenses: ['MS'] },
      false,
    ],
    [
      'a read that is silent about an attendee account says nothing',
      '1 h',
      attending,
      { licenses: ['MS'] },
      true,
    ],
    ['a read that shows the attendee account agrees', '1 h', attending, attending, false],
    ['24 hours end the belief', '24 hours 1 second', withMs, {}, false],
  ])('R80a %s', async (_, ago, answer, read, believed) => {
    const orgId = await answered(ago, answer);
    await see(orgId, aUser('ada', read));
    expect(await isBelieved(orgId)).toBe(believed);
  });

  it('R80a a plan starts from the answer as long as it is believed', async () => {
    const orgId = await answered('1 hour', attending);
    expect((await candidates(scopeOf(orgId)))[0]?.holdings).toEqual(attending);
    const old = await answered('25 hours', attending);
    expect((await candidates(scopeOf(old)))[0]?.holdings.licenses).toEqual([]);
  });

  it('R93 does not believe a date in the future', async () => {
    const orgId = randomUUID();
    const inMs = (ms: number) => new Date(Date.now() + ms);
    const created = [
      { ...aUser('ada'), createdAt: inMs(-1_000) },
      { ...aUser('bob'), createdAt: inMs(60 * 60_000) },
    ];
    await see(orgId, ...created);
    const known = `SELECT jsonb_agg(created_at IS NOT NULL ORDER BY person_id) FROM directory_user
      WHERE org_id = $1`;
    expect(await valueOf(db, known, [orgId])).toEqual([true, false]);
  });
});

describe('the licenses of a first sight', () => {
  it('R31a are kept however holdings change, or the user leaves and returns', async () => {
    const orgId = randomUUID();
    const first = async () =>
      valueOf(db, `SELECT first_licenses FROM directory_user WHERE org_id = $1`, [orgId]);
    await see(orgId, aUser('ada', { licenses: ['FMS', 'MS'] }));
    expect(await first()).toEqual(['FMS', 'MS']);
    await see(orgId, aUser('ada', { licenses: ['FMS'] }));
    expect(await first()).toEqual(['FMS', 'MS']);
    await db.$client.query('UPDATE directory_user SET gone_at = now() WHERE org_id = $1', [orgId]);
    await see(orgId, aUser('ada', { licenses: [] }));
    expect(await first()).toEqual(['FMS', 'MS']);
  });
});

describe('mirrorLicenses', () => {
  const aLicense = (id: string) => ({
    id,
    offer: id,
    name: id,
    site: null,
    subscriptionId: null,
    siteType: null,
    totalUnits: 5,
    consumedUnits: null,
  });

  it('R89 a license that one list does not show still counts; two lists have to agree', async () => {
    const orgId = randomUUID();
    const list = async (...ids: string[]) =>
      mirrorLicenses(db, orgId, ids.map(aLicense), await beginRead(db, orgId));
    const settle = (confirmAfterMs: number) =>
      settleLicenses(db, { orgId, startedAt: new Date(), confirmAfterMs });
    const listed = async () => (await listLicenses(db, orgId)).map(({ id }) => id);
    await list('A', 'B');
    await list('B');
    expect(await listed()).toEqual(['A', 'B']);
    await settle(60_000);
    expect(await listed()).toEqual(['A', 'B']);
    await list('B');
    await settle(0);
    expect(await listed()).toEqual(['B']);
    await list('A', 'B');
    expect(await listed()).toEqual(['A', 'B']);
  });

  it('R88 an empty list of licenses is refused, and so is one that lost many', async () => {
    const orgId = randomUUID();
    const ids = 'ABCDEFGH'.split('');
    const list = async (shown: string[]) => {
      await mirrorLicenses(db, orgId, shown.map(aLicense), await beginRead(db, orgId));
      await settleLicenses(db, { orgId, startedAt: new Date(), confirmAfterMs: 0 });
    };
    await list(ids);
    await list(['A', 'B']);
    expect(await listLicenses(db, orgId)).toHaveLength(8);
    await list(ids);
    for (let n = 0; n < 3; n += 1) await list([]);
    expect(await listLicenses(db, orgId)).toHaveLength(8);
    const refusal = `SELECT refusal FROM directory_belief WHERE org_id = $1 AND list = 'licenses'`;
    expect(await valueOf(db, refusal, [orgId])).toBe('empty');
  });

  it('R88 a check that is repeated, or that overlaps another, is no second one', async () => {
    const orgId = randomUUID();
    const ids = Array.from({ length: 20 }, (_, n) => `p${n}`);
    const licenses = async (...shown: string[]) =>
      mirrorLicenses(db, orgId, shown.map(aLicense), await beginRead(db, orgId));
    await see(orgId, ...ids.map((id) => aUser(id)));
    await licenses(...ids);
    const overlapping = await beginRead(db, orgId);
    const settle = async (startedAt: Date) => {
      const settling = { orgId, startedAt, confirmAfterMs: 0 };
      await settlePeople(db, { ...settling, otherCount: null });
      await settleLicenses(db, settling);
    };
    for (const left of [20, 1]) {
      const { startedAt } = await beginRead(db, orgId);
      await licenses('p0');
      await noteNotFound(db, orgId, ids.slice(1));
      for (const began of [startedAt, startedAt, overlapping.startedAt]) await settle(began);
      const people = `SELECT count(*)::int FROM directory_user WHERE org_id = $1 AND gone_at IS NULL`;
      expect(await valueOf(db, people, [orgId])).toBe(left);
      expect(await listLicenses(db, orgId)).toHaveLength(left);
    }
  });
});

describe('readCandidates', () => {
  it('streams everybody in pages, always in the same order', async () => {
    const orgId = randomUUID();
    const many = Array.from({ length: 1_200 }, (_, at) => aUser(`p${String(at).padStart(5, '0')}`));
    await see(orgId, ...many);
    const sizes: number[] = [];
    for await (const page of readCandidates(db, scopeOf(orgId))) sizes.push(page.length);
    expect(sizes).toEqual([500, 500, 200]);
    const [first, second] = [await candidates(scopeOf(orgId)), await candidates(scopeOf(orgId))];
    expect(first).toEqual(second);
    expect(new Set(first.map((one) => one.personId)).size).toBe(1_200);
  });

  it('R10 knows the direct members of groups, and who is named for the pilot', async () => {
    const orgId = randomUUID();
    await see(orgId, ...['ada', 'bob', 'cy'].map((id) => aUser(id)));
    const members = (groupId: string, ...ids: string[]) =>
      mirrorMembers(db, {
        orgId,
        groupId,
        members: ids.map((memberId) => ({ memberId, type: 'user' })),
      });
    await members('sales', 'ada', 'bob', 'a-machine');
    await members('early', 'bob');
    await members('sales', 'ada', 'bob');
    const scope = scopeOf(orgId, {
      groups: [{ groupId: 'sales', memberGroupIds: ['sales'] }],
      reach: { kind: 'members', groupIds: ['sales'], orGivenBy: null },
      pilotGroups: ['early'],
      pilotUsers: ['cy'],
    });
    const inScope = await candidates(scope);
    expect(inScope.map(({ personId, groupIds, inPilot }) => [personId, groupIds, inPilot])).toEqual(
      [
        ['ada', ['sales'], false],
        ['bob', ['sales'], true],
      ],
    );
    const cy = scopeOf(orgId, { reach: { kind: 'users', users: ['cy'] } });
    expect(await candidates(cy)).toHaveLength(1);
    expect(await candidates(scopeOf(orgId, { reach: { kind: 'nobody' } }))).toEqual([]);
  });
});

describe('copyPlan', () => {
  it('stores a thousand rows in one statement, and refuses a user twice', async () => {
    const { orgId, rolloutId } = await aRollout(db, { phase: 'planning' });
    const rows = Array.from({ length: 1_000 }, (_, at) => ({
      seq: at + 1,
      personId: `p${at}`,
      email: 'e',
      displayName: 'd',
      wave: 1,
      step: 1,
      before: { licenses: [], attendeeSites: null },
      changes: [],
      kept: [],
      blocked: [],
      waiting: [],
      expected: { licenses: [], attendeeSites: null },
      pending: null,
      outcome: 'planned' as const,
    }));
    await storePlanned(db, { orgId, rolloutId }, rows);
    const count = 'SELECT count(*)::int FROM rollout_user WHERE rollout_id = $1';
    expect(await valueOf(db, count, [rolloutId])).toBe(1_000);
    const again = [{ ...rows[0]!, seq: 1_001 }];
    await expect(storePlanned(db, { orgId, rolloutId }, again)).rejects.toThrow();
  });
});
