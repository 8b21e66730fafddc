import type { ActivityDeps } from '../../../src/activities';
import { MembershipsOfToday } from '../../../src/activities/write/memberships-of-today';
import type { Db } from '../../../src/db/connect';
import { recordPause } from '../../../src/db/rollout/record-flags';
import { WebexError, type Webex, type WebexMember } from '../../../src/webex/port/webex';
import { anOrganization, organization, sales } from '../../support/aged-plan';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { valueOf } from '../../support/seed';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.drop());

const actor = { name: 'tester', role: 'admin' };
const away = new WebexError('unavailable', 'GET /groups/members: 503', { operation: 'GET' });

/** RTT is being taken from thirty users; the group `sales` grants it, and Webex shows its members. */
async function aWaveThatTakes(preserveLicenses = false) {
  const story = await anOrganization(db);
  const { orgId } = story;
  await story.save(sales, ['RTT']);
  const templateId = await story.save(organization, ['MS']);
  const change = { kind: 'template', templateId, revision: 1 } as const;
  const rolloutId = await story.plan(change, { preserveLicenses });
  await story.move(rolloutId, 2, 'planning');
  await story.move(rolloutId, 3, 'planned', 'governs');
  await story.check(rolloutId);
  const asked: string[] = [];
  const webex: Pick<Webex, 'listMembers'> & { members: readonly string[]; trouble: Error | null } =
    {
      members: [],
      trouble: null,
      async *listMembers(groupId) {
        asked.push(groupId);
        await Promise.resolve();
        if (webex.trouble) throw webex.trouble;
        yield webex.members.map((memberId): WebexMember => ({ memberId, type: 'user' }));
      },
    };
  const deps = { db, webex } as unknown as ActivityDeps;
  const memberships = new MembershipsOfToday(deps);
  const permit = story.permitFrom(rolloutId);
  const at = (n: number) => ({ orgId, rolloutId, seq: n });
  let version = 3;
  return {
    webex,
    asked,
    ensure: (n = 1) => memberships.ensure(at(n)),
    /** In a worker that has not written any user of this rollout. */
    ensureElsewhere: () => new MembershipsOfToday(deps).ensure(at(1)),
    permit,
    pause: (paused: boolean) => {
      version += 1;
      return recordPause(db, { orgId, rolloutId, paused, version, actor, reason: '' });
    },
    aMinutePasses: async () => {
      await db.$client.query(
        `UPDATE directory_group SET members_began_at = now() - interval '61 seconds'
         WHERE org_id = $1`,
        [orgId],
      );
    },
    trouble: () =>
      valueOf<string | null>(db, 'SELECT read_trouble FROM rollout WHERE rollout_id = $1', [
        rolloutId,
      ]),
  };
}

describe('while a wave takes something', () => {
  it('R101 who joined a group that grants it, during a pause and unseen by any check, keeps it', async () => {
    const { webex, ensure, permit, pause } = await aWaveThatTakes();
    await ensure();
    expect(await permit('p01')).toBe('granted');
    await pause(true);
    webex.members = ['p05', 'p06'];
    await pause(false);
    await ensure(5);
    expect(await permit('p05')).toBe('conflict');
    expect(await permit('p06')).toBe('conflict');
    expect(await permit('p07')).toBe('granted');
  });

  it('R101 reads the members once for all users, and again only after the rollout went on', async () => {
    const { asked, ensure, pause } = await aWaveThatTakes();
    await Promise.all([1, 2, 3, 4].map(ensure));
    await ensure(5);
    expect(asked).toEqual(['sales']);
    await pause(true);
    await ensure(6);
    expect(asked).toEqual(['sales']);
    await pause(false);
    await ensure(7);
    expect(asked).toEqual(['sales', 'sales']);
  });

  it('R101 another worker believes lists that were just read, and reads them after a minute', async () => {
    const { asked, ensure, ensureElsewhere, aMinutePasses } = await aWaveThatTakes();
    await ensure();
    await ensureElsewhere();
    expect(asked).toEqual(['sales']);
    await aMinutePasses();
    await ensureElsewhere();
    expect(asked).toEqual(['sales', 'sales']);
  });

  it('R101 reads nothing where nobody loses anything', async () => {
    const { asked, ensure } = await aWaveThatTakes(true);
    await ensure();
    expect(asked).toEqual([]);
  });

  it('R97 waits where they can not be read, says so, and asks Webex again only after a while', async () => {
    const { webex, asked, ensure, trouble } = await aWaveThatTakes();
    webex.trouble = away;
    await expect(ensure()).rejects.toMatchObject({ type: 'WebexUnavailable', nonRetryable: false });
    expect(await trouble()).toBe('GET /groups/members: 503');
    await expect(ensure(2)).rejects.toMatchObject({ type: 'WebexThrottled', nonRetryable: false });
    expect(asked).toHaveLength(1);
  });
});
