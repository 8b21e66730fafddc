import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Db } from '../../../src/db/connect';
import { mirrorMembers } from '../../../src/db/directory/mirror/mirror-members';
import { mirrorPage, mirrorUsers } from '../../../src/db/directory/mirror/mirror-people';
import type { MirroredUser } from '../../../src/db/directory/mirror/mirrored-user';
import { countMissing } from '../../../src/db/directory/beliefs/missing';
import {
  endPeopleRead,
  noteNotFound,
  settlePeople,
} from '../../../src/db/directory/settle/missing-people';
import { beginRead, type DirectoryRead } from '../../../src/db/directory/reads';
import { settleHolders } from '../../../src/db/directory/settle/settle-holders';
import { numberOrganization } from '../../../src/db/numbers';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { valueOf } from '../../support/seed';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase({ writableMirror: true });
  db = database.db;
});
afterAll(() => database.drop());

function aUser(personId: string, more: Partial<MirroredUser> = {}): MirroredUser {
  return {
    personId,
    email: `${personId}@acme.example`,
    displayName: personId,
    kind: 'person',
    status: 'active',
    createdAt: new Date('2025-01-01T00:00:00Z'),
    holdings: { licenses: ['FMS', 'MS'], attendeeSites: ['a.example', 'b.example'] },
    ...more,
  };
}

/** An organization whose directory is read as `readEverybody` does it. */
function anOrganization() {
  const orgId = randomUUID();
  const page = async (read: DirectoryRead, ...users: MirroredUser[]) =>
    mirrorPage(
      db,
      { orgId, orgNo: await numberOrganization(db, orgId), readId: read.readId },
      users,
    );
  const end = (read: DirectoryRead) => endPeopleRead(db, orgId, read, null);
  return {
    orgId,
    begin: () => beginRead(db, orgId),
    page,
    end,
    /** Returns how many users were stored. */
    read: async (...users: MirroredUser[]) => {
      const read = await beginRead(db, orgId);
      const stored = await page(read, ...users);
      await end(read);
      return stored;
    },
    missing: async () => (await countMissing(db, orgId, [])).people,
    row: (personId: string) =>
      valueOf<Record<string, unknown>>(
        db,
        'SELECT to_jsonb(u) FROM directory_user u WHERE org_id = $1 AND person_id = $2',
        [orgId, personId],
      ),
    /** The version of each row: another one where it was written. */
    versions: () =>
      valueOf<string>(
        db,
        `SELECT string_agg(u.person_id || u.xmin::text || u.ctid::text, ' ' ORDER BY u.person_id)
         FROM mirror_user u JOIN org_number o USING (org_no) WHERE o.org_id = $1`,
        [orgId],
      ),
  };
}

describe('a read of everybody that shows nothing new', () => {
  it('writes no user, whatever the order of what they hold', async () => {
    const { read, versions } = anOrganization();
    expect(await read(aUser('ada'), aUser('bob'))).toBe(2);
    const before = await versions();
    const holdings = { licenses: ['MS', 'FMS'], attendeeSites: ['b.example', 'a.example'] };
    expect(await read(aUser('bob'), aUser('ada', { holdings }))).toBe(0);
    expect(await versions()).toBe(before);
  });

  it('writes no membership', async () => {
    const { orgId, read } = anOrganization();
    await read(aUser('ada'), aUser('bob'));
    const members = [
      { memberId: 'ada', type: 'user' },
      { memberId: 'unknown', type: 'user' },
      { memberId: 'inner', type: 'group' },
    ];
    const list = () => mirrorMembers(db, { orgId, groupId: 'sales', members });
    const versions = () =>
      valueOf<string>(
        db,
        `SELECT string_agg(m.xmin::text, ' ' ORDER BY m.id) FROM (
           SELECT xmin, user_no::text AS id, group_no FROM mirror_member
           UNION ALL SELECT xmin, member_id, group_no FROM mirror_other_member) m
         JOIN group_number g USING (group_no) JOIN org_number o USING (org_no) WHERE o.org_id = $1`,
        [orgId],
      );
    await list();
    const before = await versions();
    await list();
    expect(await versions()).toBe(before);
    expect(before.split(' ')).toHaveLength(3);
  });

  it('counts as having shown them all: when it began, and in which read', async () => {
    const { begin, page, end, row } = anOrganization();
    const first = await begin();
    await page(first, aUser('ada'));
    await end(first);
    const second = await begin();
    await page(second, aUser('ada'));
    expect(await row('ada')).toMatchObject({ seen_in: first.readId });
    await end(second);
    const { seen_in: seenIn, read_at: readAt } = await row('ada');
    expect(seenIn).toBe(second.readId);
    expect(new Date(String(readAt))).toEqual(second.startedAt);
  });

  it.each<[string, Partial<MirroredUser>]>([
    ['another name', { displayName: 'Ada L.' }],
    ['another address', { email: 'countess@acme.example' }],
    ['a further address', { addresses: ['countess@acme.example'] }],
    [
      'one license less',
      { holdings: { licenses: ['MS'], attendeeSites: ['a.example', 'b.example'] } },
    ],
    ['no sites', { holdings: { licenses: ['FMS', 'MS'], attendeeSites: null } }],
    ['another status', { status: 'inactive' }],
    ['a sign-in', { invitePending: false, loginEnabled: true }],
    ['a work number', { calling: { workNumber: '+3312', extension: null, locationId: null } }],
  ])('but stores %s', async (_, more) => {
    const { read } = anOrganization();
    await read(aUser('ada'), aUser('bob'));
    expect(await read(aUser('ada', more), aUser('bob'))).toBe(1);
    expect(await read(aUser('ada', more), aUser('bob'))).toBe(0);
  });

  it('does not forget a work number that a read without Calling does not show', async () => {
    const { read, row } = anOrganization();
    const calling = { workNumber: '+3312' } as never;
    await read(aUser('ada', { calling }));
    expect(await read(aUser('ada'))).toBe(0);
    expect(await read(aUser('ada', { calling }))).toBe(0);
    expect(await row('ada')).toMatchObject({ calling });
  });

  it('R93 believes a date of creation once it is no longer in the future', async () => {
    const { read, row } = anOrganization();
    const createdAt = new Date(Date.now() + 3_600_000);
    await read(aUser('ada', { createdAt }));
    expect(await row('ada')).toMatchObject({ created_at: null });
    expect(await read(aUser('ada', { createdAt }))).toBe(1);
  });

  it.each([
    [
      'is missing',
      `missing_since = now(), missing_checks = 1`,
      { missing_since: null, missing_checks: 0 },
    ],
    ['was not found by id', `not_found_at = now(), missing_since = now()`, { not_found_at: null }],
    ['counted as gone', `gone_at = now(), watched_at = now()`, { gone_at: null, watched_at: null }],
    [
      'R80a was answered what the read shows',
      `answered = '{"licenses": ["MS", "FMS"], "attendeeSites": null}', answered_at = now() - interval '1 min'`,
      { answered: null },
    ],
  ])('ends the state of a user who %s', async (_, set, after) => {
    const { orgId, read, row } = anOrganization();
    await read(aUser('ada'));
    await db.execute(sql.raw(`UPDATE directory_user SET ${set} WHERE org_id = '${orgId}'`));
    expect(await read(aUser('ada'))).toBe(1);
    expect(await row('ada')).toMatchObject(after);
  });
});

describe('R88 R89 reads that overlap, repeat, or die', () => {
  it('whoever a list lacks is missing, and nobody else', async () => {
    const { read, missing, row } = anOrganization();
    await read(aUser('ada'), aUser('bob'));
    await read(aUser('ada'), aUser('bob'));
    await read(aUser('ada'));
    expect(await missing()).toBe(1);
    expect((await row('bob')).missing_since).not.toBeNull();
    await read(aUser('ada'), aUser('bob'));
    expect(await missing()).toBe(0);
  });

  it('a read that a later one has overtaken takes nobody', async () => {
    const { begin, page, end, read, missing } = anOrganization();
    await read(aUser('ada'), aUser('bob'));
    const older = await begin();
    await page(older, aUser('ada'));
    await read(aUser('ada'), aUser('bob'));
    await end(older);
    expect(await missing()).toBe(0);
  });

  it('a later read that has shown somebody, and has not ended, keeps them from being missing', async () => {
    const { begin, page, end, read, missing } = anOrganization();
    await read(aUser('ada'), aUser('bob'));
    const older = await begin();
    await page(older, aUser('ada'));
    const later = await begin();
    await page(later, aUser('bob'));
    await end(older);
    expect(await missing()).toBe(0);
    await end(later);
    expect(await missing()).toBe(1);
  });

  it('the pages of an older read do not count for a later one', async () => {
    const { begin, page, end, read, missing } = anOrganization();
    await read(aUser('ada'), aUser('bob'));
    const older = await begin();
    await page(older, aUser('ada'), aUser('bob'));
    const later = await begin();
    await page(later, aUser('ada'));
    await end(later);
    expect(await missing()).toBe(1);
    await end(older);
    expect(await missing()).toBe(1);
  });

  it('a read that dies leaves everybody as they are', async () => {
    const { begin, page, read, missing, row } = anOrganization();
    await read(aUser('ada'), aUser('bob'));
    const { seen_in: before } = await row('bob');
    const died = await begin();
    await page(died, aUser('ada'));
    expect(await missing()).toBe(0);
    expect(await row('bob')).toMatchObject({ seen_in: before });
    await read(aUser('ada'), aUser('bob'));
    expect(await missing()).toBe(0);
  });

  it('the end of a read repeated counts once', async () => {
    const { begin, page, end, read, missing } = anOrganization();
    await read(aUser('ada'), aUser('bob'));
    const second = await begin();
    await page(second, aUser('ada'), aUser('bob'));
    await end(second);
    await end(second);
    expect(await missing()).toBe(0);
  });

  it('a user who was asked for by id, in a read that began later, is not missing', async () => {
    const { orgId, begin, page, end, read, missing } = anOrganization();
    await read(aUser('ada'), aUser('bob'));
    const list = await begin();
    await page(list, aUser('ada'));
    await mirrorUsers(db, orgId, [aUser('bob')], await begin());
    await end(list);
    expect(await missing()).toBe(0);
  });

  it('pages and ends of many reads at once leave nobody missing whom all of them show', async () => {
    const { begin, page, end, read, missing } = anOrganization();
    const users = Array.from({ length: 40 }, (_, n) => aUser(`p${n}`));
    await read(...users);
    const one = async () => {
      const looked = await begin();
      for (let from = 0; from < users.length; from += 10) {
        await page(looked, ...users.slice(from, from + 10));
      }
      await end(looked);
    };
    await Promise.all([one(), one(), one(), one(), one()]);
    expect(await missing()).toBe(0);
    expect(await valueOf(db, 'SELECT count(*)::int FROM mirror_seen', [])).toBeLessThan(10);
  });

  it('R92 ownership is missed from a list of everybody, and ends only with a second one', async () => {
    const { orgId, begin, page, end, read } = anOrganization();
    const held = Array.from({ length: 3 }, (_, n) => aUser(`p${n}`));
    await read(...held);
    await db.execute(sql`
      INSERT INTO provenance (org_id, person_id, target, kind, template_id, revision, rollout_id, since)
      VALUES (${orgId}, 'p0', 'EE', 'template', gen_random_uuid(), 1, gen_random_uuid(),
        now() - interval '2 days')`);
    const ended = () =>
      valueOf<boolean>(db, 'SELECT ended_at IS NOT NULL FROM provenance WHERE org_id = $1', [
        orgId,
      ]);
    const check = async () => {
      const looked = await begin();
      await page(looked, ...held);
      await end(looked);
      await settleHolders(db, { orgId, startedAt: looked.startedAt, confirmAfterMs: 0 });
    };
    await check();
    expect((await countMissing(db, orgId, [])).holdings).toBe(1);
    expect(await ended()).toBe(false);
    await check();
    await check();
    expect(await ended()).toBe(true);
  });

  it('R89 R92 what a list shows again is no longer missed, although the list breaks off', async () => {
    const { orgId, begin, page, read } = anOrganization();
    const holds = { licenses: ['EE', 'MS'], attendeeSites: null };
    await read(aUser('ada'));
    await db.execute(sql`
      INSERT INTO provenance (org_id, person_id, target, kind, template_id, revision, rollout_id, since)
      VALUES (${orgId}, 'ada', 'EE', 'template', gen_random_uuid(), 1, gen_random_uuid(),
        now() - interval '2 days')`);
    const missed = async () => (await countMissing(db, orgId, [])).holdings;
    await read(aUser('ada'));
    expect(await missed()).toBe(1);
    await page(await begin(), aUser('ada', { holdings: holds }));
    expect(await missed()).toBe(0);
    await read(aUser('ada', { holdings: holds }));
    expect(await missed()).toBe(0);
  });

  it('R89 who is gone is taken only when Webex, asked by id, does not find them', async () => {
    const { orgId, begin, read, row } = anOrganization();
    await read(aUser('ada'), aUser('bob'));
    await read(aUser('ada'));
    await read(aUser('ada'));
    const settle = async () => {
      const { startedAt } = await begin();
      return settlePeople(db, { orgId, startedAt, confirmAfterMs: 0, otherCount: null });
    };
    await settle();
    expect((await row('bob')).gone_at).toBeNull();
    const { startedAt } = await begin();
    await noteNotFound(db, orgId, ['bob']);
    await settlePeople(db, { orgId, startedAt, confirmAfterMs: 0, otherCount: null });
    expect((await row('bob')).gone_at).not.toBeNull();
  });

  it('R93 who is missing was last shown by the list before, although that wrote no row', async () => {
    const { begin, page, end, read, row } = anOrganization();
    await read(aUser('ada'), aUser('bob'));
    const last = await begin();
    await page(last, aUser('ada'), aUser('bob'));
    await end(last);
    await read(aUser('ada'));
    const bob = await row('bob');
    expect(bob).toMatchObject({ seen_in: last.readId });
    expect(new Date(String(bob.read_at))).toEqual(last.startedAt);
    expect(bob.missing_since).not.toBeNull();
  });

  it('R88 a list that is refused for years goes on being counted', async () => {
    const { orgId, begin, read } = anOrganization();
    const staff = Array.from({ length: 20 }, (_, n) => aUser(`user-${n}`));
    await read(...staff);
    await read(aUser('user-0'));
    const counted = (column: string) =>
      valueOf<number>(
        db,
        `SELECT max(${column}) FROM mirror_user u JOIN org_number o USING (org_no) WHERE org_id = $1`,
        [orgId],
      );
    await db.execute(sql`UPDATE mirror_user u SET missing_checks = 32767 FROM org_number o
      WHERE o.org_no = u.org_no AND o.org_id = ${orgId} AND u.missing_since IS NOT NULL`);
    const { startedAt } = await begin();
    await noteNotFound(
      db,
      orgId,
      staff.slice(1).map(({ personId }) => personId),
    );
    await settlePeople(db, { orgId, startedAt, confirmAfterMs: 0, otherCount: 20 });
    expect(await counted('missing_checks')).toBe(100);
  });
});
