import { randomUUID } from 'node:crypto';
import type { Db } from '../../../src/db/connect';
import {
  markGroupGone,
  mirrorGroups,
  mirrorMembers,
  readKnownGroup,
} from '../../../src/db/directory/mirror-groups';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.drop());

const aGroup = (groupId: string, more = {}) => ({
  groupId,
  displayName: groupId,
  memberSize: 0,
  isLocation: false,
  ...more,
});

/** Looks of one organization; each lasts a second. */
function anOrganization() {
  const orgId = randomUUID();
  const lookAt = (second: number, ...shown: ReturnType<typeof aGroup>[]) =>
    mirrorGroups(db, orgId, shown, {
      startedAt: new Date(second * 1_000),
      endedAt: new Date((second + 1) * 1_000),
    });
  const group = async (groupId: string) => {
    const { rows } = await db.$client.query<Record<string, unknown>>(
      `SELECT gone_at IS NOT NULL AS gone, missed_looks AS missed, deleted_at IS NOT NULL AS deleted,
        is_location AS "isLocation", source, usage
       FROM directory_group WHERE org_id = $1 AND group_id = $2`,
      [orgId, groupId],
    );
    return rows[0];
  };
  return { orgId, lookAt, group };
}

const present = { gone: false, missed: 0, deleted: false };

describe('mirrorGroups', () => {
  it('R33 counts a group as deleted when two checks in a row show others but not it', async () => {
    const { lookAt, group } = anOrganization();
    await lookAt(0, aGroup('sales'), aGroup('it'));
    expect(await group('sales')).toMatchObject(present);
    await lookAt(60, aGroup('it'));
    expect(await group('sales')).toMatchObject({ gone: true, missed: 1, deleted: false });
    await lookAt(120, aGroup('it'));
    expect(await group('sales')).toMatchObject({ gone: true, missed: 2, deleted: true });
    expect(await group('it')).toMatchObject(present);
  });

  it('R33 begins anew when a check shows the group again', async () => {
    const { lookAt, group } = anOrganization();
    await lookAt(0, aGroup('sales'), aGroup('it'));
    await lookAt(60, aGroup('it'));
    await lookAt(120, aGroup('sales'), aGroup('it'));
    expect(await group('sales')).toMatchObject(present);
    await lookAt(180, aGroup('it'));
    expect(await group('sales')).toMatchObject({ gone: true, missed: 1, deleted: false });
  });

  it.each([
    ['at the same time', 60],
    ['begun before the other had ended', 60.5],
    ['right after the other', 62],
  ])('R33 counts two checks as one that are %s', async (_, second) => {
    const { lookAt, group } = anOrganization();
    await lookAt(0, aGroup('sales'), aGroup('it'));
    await lookAt(60, aGroup('it'));
    await lookAt(second, aGroup('it'));
    expect(await group('sales')).toMatchObject({ gone: true, missed: 1, deleted: false });
  });

  it('R33 believes no check that shows no group at all', async () => {
    const { lookAt, group } = anOrganization();
    await lookAt(0, aGroup('sales'), aGroup('it'));
    for (const second of [60, 120, 180]) await lookAt(second);
    expect(await group('sales')).toMatchObject({ gone: true, missed: 0, deleted: false });
    await lookAt(240, aGroup('it'));
    expect(await group('sales')).toMatchObject({ gone: true, missed: 1, deleted: false });
    expect(await group('it')).toMatchObject(present);
  });

  it('R33 restores a group that counted as deleted', async () => {
    const { lookAt, group } = anOrganization();
    await lookAt(0, aGroup('sales'), aGroup('it'));
    for (const second of [60, 120]) await lookAt(second, aGroup('it'));
    await lookAt(180, aGroup('sales'), aGroup('it'));
    expect(await group('sales')).toMatchObject(present);
  });

  it('R12 R13 keeps what SCIM said of a group when it can no longer be asked', async () => {
    const { lookAt, group } = anOrganization();
    const office = { source: 'AD', usage: 'location', isLocation: true };
    await lookAt(0, aGroup('office', office));
    await lookAt(60, aGroup('office'));
    expect(await group('office')).toMatchObject(office);
    await lookAt(120, aGroup('office', { usage: 'policy' }));
    expect(await group('office')).toMatchObject({ usage: 'policy', isLocation: false });
  });
});

describe('mirrorMembers', () => {
  const members = (orgId: string, groupId: string, ...ids: string[]) =>
    mirrorMembers(db, {
      orgId,
      groupId,
      members: ids.map((memberId) => ({
        memberId,
        type: memberId.startsWith('group') ? 'group' : 'user',
      })),
      readAt: new Date(),
    });

  it('knows how many members a group had, and which groups are inside it (R10)', async () => {
    const { orgId, lookAt } = anOrganization();
    await lookAt(0, aGroup('group-a', { displayName: 'Sales', memberSize: 3 }));
    const known = { displayName: 'Sales', memberSize: 3 };
    expect(await readKnownGroup(db, orgId, 'group-a')).toEqual({
      ...known,
      members: null,
      innerIds: [],
    });
    await members(orgId, 'group-a', 'ada', 'bob', 'group-b');
    expect(await readKnownGroup(db, orgId, 'group-a')).toEqual({
      ...known,
      members: 3,
      innerIds: ['group-b'],
    });
    await members(orgId, 'group-a');
    expect(await readKnownGroup(db, orgId, 'group-a')).toMatchObject({ members: 0, innerIds: [] });
    expect(await readKnownGroup(db, orgId, 'group-z')).toBeNull();
  });

  it('R33 keeps a vanished group inside another until it counts as deleted', async () => {
    const { orgId, lookAt } = anOrganization();
    const inner = async () => (await readKnownGroup(db, orgId, 'group-a'))?.innerIds;
    await lookAt(0, aGroup('group-a'), aGroup('group-b'));
    await members(orgId, 'group-a', 'group-b');
    await lookAt(60, aGroup('group-a'));
    await members(orgId, 'group-a', 'ada');
    expect(await inner()).toEqual(['group-b']);
    await lookAt(120, aGroup('group-a'));
    await members(orgId, 'group-a', 'ada');
    expect(await inner()).toEqual([]);
  });

  it('R33 a group whose members are not found has vanished, and is not yet deleted', async () => {
    const { orgId, lookAt, group } = anOrganization();
    await lookAt(0, aGroup('sales'), aGroup('it'));
    await markGroupGone(db, orgId, 'sales');
    expect(await group('sales')).toMatchObject({ gone: true, missed: 0, deleted: false });
  });
});
