import { listLicenses } from '../../../src/db/directory/find-directory';
import { randomUUID } from 'node:crypto';
import type { Db } from '../../../src/db/connect';
import {
  markUnseenUsersGone,
  mirrorLicenses,
  mirrorUsers,
  type MirroredUser,
} from '../../../src/db/directory/mirror-people';
import { mirrorGroups, mirrorMembers } from '../../../src/db/directory/mirror-groups';
import { insertPlanRows } from '../../../src/db/plan/plan-store';
import { readCandidates, type CandidateQuery } from '../../../src/db/plan/read-candidates';
import type { Candidate } from '../../../src/domain/kinds/candidate';
import type { Holdings } from '../../../src/domain/model/user';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { aRollout, valueOf } from '../../support/seed';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
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
  /** A user whose write was answered with MS and attendee, some time ago. */
  const answered = async (ago: string, answer: Holdings) => {
    const orgId = randomUUID();
    await mirrorUsers(db, orgId, [aUser('ada')], new Date());
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
    await mirrorUsers(db, orgId, [aUser('ada', read)], new Date());
    expect(await isBelieved(orgId)).toBe(believed);
  });

  it('R80a a plan starts from the answer as long as it is believed', async () => {
    const orgId = await answered('1 hour', attending);
    expect((await candidates(scopeOf(orgId)))[0]?.holdings).toEqual(attending);
    const old = await answered('25 hours', attending);
    expect((await candidates(scopeOf(old)))[0]?.holdings.licenses).toEqual([]);
  });

  it('marks users as gone whom a complete check did not show, and restores them when seen again', async () => {
    const orgId = randomUUID();
    await mirrorUsers(db, orgId, [aUser('ada'), aUser('bob')], new Date(1_000));
    await mirrorUsers(db, orgId, [aUser('ada')], new Date(3_000));
    await markUnseenUsersGone(db, orgId, new Date(2_000));
    const present = async () => (await candidates(scopeOf(orgId))).map((one) => one.personId);
    expect(await present()).toEqual(['ada']);
    await mirrorUsers(db, orgId, [aUser('bob')], new Date(4_000));
    expect(await present()).toEqual(['ada', 'bob']);
  });
});

describe('the licenses of a first sight', () => {
  it('R31a are kept however holdings change, or the user leaves and returns', async () => {
    const orgId = randomUUID();
    const first = async () =>
      valueOf(db, `SELECT first_licenses FROM directory_user WHERE org_id = $1`, [orgId]);
    await mirrorUsers(db, orgId, [aUser('ada', { licenses: ['FMS', 'MS'] })], new Date(1_000));
    expect(await first()).toEqual(['FMS', 'MS']);
    await mirrorUsers(db, orgId, [aUser('ada', { licenses: ['FMS'] })], new Date(2_000));
    expect(await first()).toEqual(['FMS', 'MS']);
    await markUnseenUsersGone(db, orgId, new Date(3_000));
    await mirrorUsers(db, orgId, [aUser('ada', { licenses: [] })], new Date(4_000));
    expect(await first()).toEqual(['FMS', 'MS']);
  });
});

const lookAt = (ms: number) => ({ startedAt: new Date(ms), endedAt: new Date(ms + 100) });

describe('mirrorLicenses and mirrorGroups', () => {
  it('keep what is no longer listed as gone', async () => {
    const orgId = randomUUID();
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
    await mirrorLicenses(db, orgId, [aLicense('A'), aLicense('B')], new Date(1_000));
    await mirrorLicenses(db, orgId, [aLicense('B')], new Date(2_000));
    expect((await listLicenses(db, orgId)).map(({ id }) => id)).toEqual(['B']);

    const aGroup = (groupId: string) => ({
      groupId,
      displayName: groupId,
      memberSize: 0,
      isLocation: false,
    });
    await mirrorGroups(db, orgId, [aGroup('a'), aGroup('b')], lookAt(1_000));
    await mirrorGroups(db, orgId, [aGroup('a')], lookAt(2_000));
    const gone = `SELECT jsonb_agg(group_id) FROM directory_group WHERE org_id = $1 AND gone_at IS NOT NULL`;
    expect(await valueOf(db, gone, [orgId])).toEqual(['b']);
  });
});

describe('readCandidates', () => {
  it('streams everybody in pages, always in the same order', async () => {
    const orgId = randomUUID();
    const many = Array.from({ length: 1_200 }, (_, at) => aUser(`p${String(at).padStart(5, '0')}`));
    await mirrorUsers(db, orgId, many, new Date());
    const sizes: number[] = [];
    for await (const page of readCandidates(db, scopeOf(orgId))) sizes.push(page.length);
    expect(sizes).toEqual([500, 500, 200]);
    const [first, second] = [await candidates(scopeOf(orgId)), await candidates(scopeOf(orgId))];
    expect(first).toEqual(second);
    expect(new Set(first.map((one) => one.personId)).size).toBe(1_200);
  });

  it('R10 knows the direct members of groups, and who is named for the pilot', async () => {
    const orgId = randomUUID();
    await mirrorUsers(
      db,
      orgId,
      ['ada', 'bob', 'cy'].map((id) => aUser(id)),
      new Date(),
    );
    const members = (groupId: string, ...ids: string[]) =>
      mirrorMembers(db, {
        orgId,
        groupId,
        members: ids.map((memberId) => ({ memberId, type: 'user' })),
        readAt: new Date(),
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

describe('insertPlanRows', () => {
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
    const asJson = rows.map((row) => JSON.stringify(row));
    await insertPlanRows(db, { orgId, rolloutId, rows: asJson });
    const count = 'SELECT count(*)::int FROM rollout_user WHERE rollout_id = $1';
    expect(await valueOf(db, count, [rolloutId])).toBe(1_000);
    const again = [JSON.stringify({ ...rows[0], seq: 1_001 })];
    await expect(insertPlanRows(db, { orgId, rolloutId, rows: again })).rejects.toThrow();
  });
});
