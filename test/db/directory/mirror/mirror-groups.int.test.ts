import { randomUUID } from 'node:crypto';
import type { Db } from '../../../../src/db/connect';
import { findGroups, listGroups } from '../../../../src/db/directory/find-directory';
import { mirrorGroups, readKnownGroup } from '../../../../src/db/directory/mirror/mirror-groups';
import { mirrorMembers } from '../../../../src/db/directory/mirror/mirror-members';
import { settleMembers } from '../../../../src/db/directory/settle/settle-members';
import { beginRead } from '../../../../src/db/directory/reads';
import {
  noteGroupFound,
  noteGroupNotFound,
  settleGroups,
  vanishedThatMatter,
} from '../../../../src/db/directory/settle/vanished-groups';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { valueOf } from '../../../support/seed';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase({ writableMirror: true });
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
const groups = (...ids: string[]) => ids.map((id) => aGroup(id));
const numbered = (count: number) => Array.from({ length: count }, (_, i) => `group-${i}`);

const minuteMs = 60_000;

/** Looks of one organization. */
function anOrganization() {
  const orgId = randomUUID();
  const look = async (...shown: ReturnType<typeof aGroup>[]) =>
    mirrorGroups(db, orgId, shown, await beginRead(db, orgId));
  const now = () => valueOf<Date>(db, 'SELECT now()', []);
  const settle = async (confirmAfterMs: number, since?: Date) =>
    settleGroups(db, { orgId, startedAt: since ?? (await now()), confirmAfterMs });
  /** One check, which returns when it began: two lists, and questions by id. */
  const check = async (shown: ReturnType<typeof aGroup>[], notFound: string[] = []) => {
    const startedAt = await now();
    await look(...shown);
    await look(...shown);
    for (const id of await vanishedThatMatter(db, orgId)) {
      await (notFound.includes(id) ? noteGroupNotFound : noteGroupFound)(db, orgId, id);
    }
    await settle(0, startedAt);
    return startedAt;
  };
  const group = async (groupId: string) => {
    const { rows } = await db.$client.query<Record<string, unknown>>(
      `SELECT gone_at IS NOT NULL AS gone, deleted_at IS NOT NULL AS deleted,
        is_location AS "isLocation", source, usage
       FROM directory_group WHERE org_id = $1 AND group_id = $2`,
      [orgId, groupId],
    );
    return rows[0];
  };
  const refusal = (list: string) =>
    valueOf(db, 'SELECT refusal FROM directory_belief WHERE org_id = $1 AND list = $2', [
      orgId,
      list,
    ]);
  return { orgId, look, now, settle, check, group, refusal };
}

const present = { gone: false, deleted: false };
const vanished = { gone: true, deleted: false };
const deleted = { gone: true, deleted: true };

describe('mirrorGroups and settleGroups', () => {
  it('R33 R89 a group that one list does not show has vanished; two checks have to agree', async () => {
    const { look, settle, group } = anOrganization();
    await look(...groups('sales', 'it'));
    expect(await group('sales')).toMatchObject(present);
    await look(aGroup('it'));
    await settle(minuteMs);
    expect(await group('sales')).toMatchObject(vanished);
    for (const then of [vanished, deleted]) {
      await look(aGroup('it'));
      await settle(0);
      expect(await group('sales')).toMatchObject(then);
    }
    expect(await group('it')).toMatchObject(present);
  });

  it('R33 begins anew when a list shows the group again, also after it counted as deleted', async () => {
    const { look, check, group } = anOrganization();
    await look(...groups('sales', 'it'));
    await look(aGroup('it'));
    await look(...groups('sales', 'it'));
    expect(await group('sales')).toMatchObject(present);
    for (const then of [vanished, deleted]) {
      await check(groups('it'));
      expect(await group('sales')).toMatchObject(then);
    }
    await look(...groups('sales', 'it'));
    expect(await group('sales')).toMatchObject(present);
  });

  it('R89 a group whose members matter is asked for by id, however often lists leave it out', async () => {
    const { orgId, look, check, group } = anOrganization();
    await look(...groups('sales', 'team', 'it'));
    await mirrorMembers(db, {
      orgId,
      groupId: 'sales',
      members: [{ memberId: 'team', type: 'group' }],
    });
    for (let n = 0; n < 3; n += 1) await check(groups('sales', 'it'));
    expect(await group('team')).toMatchObject(present);
    for (const then of [vanished, deleted]) {
      await check(groups('sales', 'it'), ['team']);
      expect(await group('team')).toMatchObject(then);
    }
  });

  it('R88 many groups that vanish at once are refused, until two checks agree', async () => {
    const { look, check, group, refusal } = anOrganization();
    const all = numbered(12);
    await look(...groups(...all));
    await check(groups(...all.slice(0, 5)));
    expect(await group('group-11')).toMatchObject(vanished);
    expect(await refusal('groups')).toBe('drop');
    await check(groups(...all.slice(0, 5)));
    expect(await group('group-11')).toMatchObject(deleted);
    expect(await refusal('groups')).toBeNull();
  });

  it('R33 R88 a check that is repeated, or that overlaps another, is no second one', async () => {
    const { look, now, settle, check, group } = anOrganization();
    await look(...groups('sales', 'it'));
    const overlapping = await now();
    await settle(0, await check(groups('it')));
    await settle(0, overlapping);
    expect(await group('sales')).toMatchObject(vanished);
    await check(groups('it'));
    expect(await group('sales')).toMatchObject(deleted);
  });

  it('R33 R88 a list that shows no group at all proves nothing', async () => {
    const { look, check, group, refusal } = anOrganization();
    const all = numbered(7);
    await look(...groups(...all));
    for (let n = 0; n < 3; n += 1) await check([]);
    expect(await group('group-0')).toMatchObject(vanished);
    expect(await refusal('groups')).toBe('empty');
  });

  it('R12 R13 keeps what SCIM said of a group when it can no longer be asked', async () => {
    const { look, group } = anOrganization();
    const office = { source: 'AD', usage: 'location', isLocation: true };
    await look(aGroup('office', office));
    await look(aGroup('office'));
    expect(await group('office')).toMatchObject(office);
    await look(aGroup('office', { usage: 'policy' }));
    expect(await group('office')).toMatchObject({ usage: 'policy', isLocation: false });
  });

  it("R13 keeps a location's group while SCIM can't say otherwise, though no location is shown", async () => {
    const { look, group } = anOrganization();
    await look(aGroup('office', { isLocation: true }));
    await look(aGroup('office', { isLocation: false }));
    expect(await group('office')).toMatchObject({ isLocation: true });
    await look(aGroup('office', { isLocation: false, usage: 'policy' }));
    expect(await group('office')).toMatchObject({ isLocation: false });
  });

  it('R33 a group whose members are not found has vanished, and is not yet deleted', async () => {
    const { orgId, look, settle, group } = anOrganization();
    await look(...groups('sales', 'it'));
    await noteGroupNotFound(db, orgId, 'sales');
    await settle(minuteMs);
    expect(await group('sales')).toMatchObject(vanished);
  });
});

describe('mirrorMembers and settleMembers', () => {
  const typed = (memberId: string) => ({
    memberId,
    type: memberId.startsWith('group') ? 'group' : 'user',
  });
  /** A group and its lists; a check reads twice. */
  async function aGroupOf(size: number, more: { memberSize?: number | null } = {}) {
    const organization = anOrganization();
    const { orgId, look, now } = organization;
    await look(aGroup('sales', { memberSize: null, ...more }));
    const list = (...ids: string[]) =>
      mirrorMembers(db, { orgId, groupId: 'sales', members: ids.map(typed) });
    const settle = async (confirmAfterMs: number, othersRead = true, since?: Date) => {
      const believed = { maxMemberDropPercent: 50, othersRead };
      const startedAt = since ?? (await now());
      const of = { orgId, groupId: 'sales', startedAt, confirmAfterMs };
      await settleMembers(db, { ...of, ...believed });
    };
    const check = async (...ids: string[]) => {
      const startedAt = await now();
      await list(...ids);
      await list(...ids);
      await settle(0, true, startedAt);
      return startedAt;
    };
    const members = async () =>
      (await valueOf<string[] | null>(
        db,
        'SELECT jsonb_agg(member_id ORDER BY member_id) FROM directory_member WHERE org_id = $1',
        [orgId],
      )) ?? [];
    const people = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => `p${String(from + i).padStart(2, '0')}`);
    await list(...people(0, size));
    return { ...organization, list, settle, check, members, people };
  }

  it('knows how many members a group had, and which groups are inside it (R10)', async () => {
    const { orgId, look } = anOrganization();
    const members = (...ids: string[]) =>
      mirrorMembers(db, { orgId, groupId: 'group-a', members: ids.map(typed) });
    await look(aGroup('group-a', { displayName: 'Sales', memberSize: 3 }));
    const askedAt = expect.any(Date) as Date;
    const known = { displayName: 'Sales', memberSize: 3, askedAt };
    expect(await readKnownGroup(db, orgId, 'group-a')).toEqual({
      ...known,
      members: null,
      innerIds: [],
    });
    await members('ada', 'bob', 'group-b');
    expect(await readKnownGroup(db, orgId, 'group-a')).toEqual({
      ...known,
      members: 3,
      innerIds: ['group-b'],
    });
    expect(await readKnownGroup(db, orgId, 'group-z')).toBeNull();
  });

  it('R89 who is missing once stays a member; who joined is one at once', async () => {
    const { list, settle, members } = await aGroupOf(3);
    await list('p00', 'p02', 'p03');
    expect(await members()).toEqual(['p00', 'p01', 'p02', 'p03']);
    await settle(minuteMs);
    expect(await members()).toEqual(['p00', 'p01', 'p02', 'p03']);
    await list('p00', 'p02', 'p03');
    await settle(0);
    expect(await members()).toEqual(['p00', 'p02', 'p03']);
  });

  it('R88 a check that is repeated, or that overlaps another, is no second one', async () => {
    const { now, settle, check, members, people } = await aGroupOf(50);
    const overlapping = await now();
    const startedAt = await check(...people(0, 20));
    await settle(0, true, startedAt);
    await settle(0, true, overlapping);
    expect(await members()).toHaveLength(50);
    await check(...people(0, 20));
    expect(await members()).toHaveLength(20);
  });

  it('R89 somebody else may be missing from each of two reads: nobody leaves', async () => {
    const { list, settle, members, people } = await aGroupOf(20);
    await list(...people(1, 20));
    await list(...people(0, 19));
    await settle(minuteMs);
    expect(await members()).toEqual(people(0, 20));
  });

  it.each([
    ['11 of 20 seem to have left', 20, 0, 9],
    ['as many are members, but 12 of 20 are others', 20, 12, 32],
  ])('R88 where %s, nobody leaves until a second check agrees', async (_, size, from, to) => {
    const { check, members, people, refusal } = await aGroupOf(size);
    await check(...people(from, to));
    expect(await members()).toEqual([...new Set([...people(0, size), ...people(from, to)])].sort());
    expect(await refusal('members:sales')).toBe('drop');
    await check(...people(from, to));
    expect(await members()).toEqual(people(from, to));
    expect(await refusal('members:sales')).toBeNull();
  });

  it('R88 a short list that is short elsewhere each time takes nobody', async () => {
    const { check, members, people, refusal } = await aGroupOf(40);
    await check(...people(0, 18));
    await check(...people(18, 40));
    await check(...people(0, 18));
    expect(await members()).toEqual(people(0, 40));
    expect(await refusal('members:sales')).toBe('drop');
    await check(...people(0, 40));
    expect(await refusal('members:sales')).toBeNull();
  });

  it.each([
    ['its size says 0', 0, 3, []],
    ['its size says nothing', null, 3, ['p00', 'p01', 'p02']],
    ['more than five were there', 0, 6, ['p00', 'p01', 'p02', 'p03', 'p04', 'p05']],
  ])('R88 an empty group where %s', async (_, memberSize, size, left) => {
    const { check, members, people } = await aGroupOf(size, { memberSize });
    await check();
    expect(await members()).toEqual(people(0, size));
    await check();
    expect(await members()).toEqual(left);
  });

  it('R88 an empty group is not believed while another list could not be read', async () => {
    const { list, settle, members } = await aGroupOf(2, { memberSize: 0 });
    for (let n = 0; n < 3; n += 1) {
      await list();
      await settle(0, false);
    }
    expect(await members()).toEqual(['p00', 'p01']);
  });

  it('R88 people who are gone from the organization are no drop of the group', async () => {
    const { orgId, check, members, people, refusal } = await aGroupOf(20);
    await db.$client.query(
      `INSERT INTO directory_user (org_id, person_id, email, display_name, kind, licenses, read_at, gone_at)
       SELECT $1, member_id, '', '', 'person', '[]', now(), now() FROM directory_member
       WHERE org_id = $1 AND member_id >= 'p05'`,
      [orgId],
    );
    await check(...people(0, 5));
    expect(await members()).toEqual(people(0, 5));
    expect(await refusal('members:sales')).toBeNull();
  });

  it('R33 keeps a vanished group inside another until it counts as deleted', async () => {
    const { now, orgId, look, check, list, settle, members } = await aGroupOf(0);
    await look(...groups('sales', 'group-b'));
    await list('group-b');
    await look(aGroup('sales'));
    await check('ada');
    expect(await members()).toEqual(['ada', 'group-b']);
    for (let looks = 0; looks < 2; looks += 1) {
      const startedAt = await now();
      await noteGroupNotFound(db, orgId, 'group-b');
      await settleGroups(db, { orgId, startedAt, confirmAfterMs: 0 });
    }
    await settle(0);
    expect(await members()).toEqual(['ada']);
  });

  describe('R89 a group that a list did not show is found all the same', () => {
    const found = async (orgId: string, wanted: { ids?: string[]; names?: string[] }) => {
      const rows = await findGroups(db, { orgId, ids: [], names: [], ...wanted });
      return rows.map(({ groupId }) => groupId);
    };
    const listed = async (orgId: string) => {
      const rows = await listGroups(db, { orgId, text: null, after: null, limit: 10 });
      return rows.map(({ groupId, goneAt }) => `${groupId}${goneAt ? ' missing' : ''}`);
    };

    it('by its id, by its name, and in the list, until two checks agree', async () => {
      const { orgId, look, check } = anOrganization();
      await look(...groups('a', 'b'));
      await look();
      expect(await found(orgId, { ids: ['a'] })).toEqual(['a']);
      expect(await found(orgId, { names: ['B'] })).toEqual(['b']);
      expect(await listed(orgId)).toEqual(['a missing', 'b missing']);
      await check(groups('a'), ['b']);
      await check(groups('a'), ['b']);
      expect(await listed(orgId)).toEqual(['a']);
      expect(await found(orgId, { ids: ['b'], names: ['b'] })).toEqual([]);
    });

    it('R90 but its name means the group that has taken it', async () => {
      const { orgId, look } = anOrganization();
      await look(aGroup('old', { displayName: 'Sales' }));
      await look(aGroup('new', { displayName: 'sales' }));
      expect(await found(orgId, { names: ['SALES'] })).toEqual(['new']);
      expect(await found(orgId, { ids: ['old'] })).toEqual(['old']);
    });
  });
});
