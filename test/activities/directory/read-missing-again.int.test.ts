import { MockActivityEnvironment } from '@temporalio/testing';
import type { ActivityDeps } from '../../../src/activities/activity/deps';
import { confirmMissingActivities } from '../../../src/activities/directory/confirm-missing';
import { readMissingAgain } from '../../../src/activities/directory/read-missing-again';
import { mirrorGroups } from '../../../src/db/directory/mirror/mirror-groups';
import { mirrorMembers } from '../../../src/db/directory/mirror/mirror-members';
import { beginRead, keepPending, readPending } from '../../../src/db/directory/reads';
import { WebexError, type Webex } from '../../../src/webex/port/webex';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { longAgo, MirrorStory } from '../../support/mirror-story';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

type Lists = Record<string, string[] | 'incomplete' | 'not-found'>;

/** Webex, which shows these groups and their members. */
function webexWith(listed: string[], members: Lists): Webex {
  const webex: Partial<Webex> = {
    listGroups: () =>
      Promise.resolve(
        listed.map((groupId) => {
          const list = members[groupId];
          const memberSize = Array.isArray(list) ? list.length : 3;
          return {
            ...{ groupId, displayName: groupId, memberSize, isLocation: false },
            ...{ source: null, usage: null },
          };
        }),
      ),
    async *listMembers(groupId: string) {
      const list = await Promise.resolve(members[groupId]);
      if (list === 'incomplete') {
        const came = { list: 'members' as const, shown: 3, promised: 4 };
        throw new WebexError('incomplete', 'incomplete', { operation: 'GET members', came });
      }
      if (!Array.isArray(list)) throw new WebexError('not-found', 'no', { operation: 'GET' });
      yield list.map((memberId) => ({ memberId, type: 'user' }));
    },
  };
  return webex as Webex;
}

async function aMove() {
  const story = new MirrorStory(database.db);
  await story.users(longAgo, ['FMS', 'RTT'], 'mover', 'a1', 'a2', 'b1', 'b2', 'b3');
  await story.groups({ a: ['mover', 'a1', 'a2'], b: ['b1', 'b2', 'b3'] });
  await story.template('a');
  await story.template('b');
  await story.settings({ preserveOnGroupTransition: false });
  await story.detect();
  return story;
}

/** One check: the first read shows that the mover has left, the second one asks again. */
async function check(story: MirrorStory, webex: Webex, first: { groups: string[] }): Promise<void> {
  const { db, orgId } = story;
  const looked = await beginRead(db, orgId);
  const groups = first.groups.map((groupId) => ({
    ...{ groupId, displayName: groupId, memberSize: 3, isLocation: false },
  }));
  await mirrorGroups(db, orgId, groups, looked);
  const members = ['a1', 'a2'].map((memberId) => ({ memberId, type: 'user' }));
  await mirrorMembers(db, { orgId, groupId: 'a', members });
  const settling = { orgId, startedAt: looked.startedAt, confirmAfterMs: 0 };
  const pending = { groupIds: first.groups, hasTrouble: false, readEverybody: false };
  await readMissingAgain({ db, webex }, settling, pending, {});
  await story.detect();
}

describe('R89 a user who moves between groups, where a leave takes licenses', () => {
  it('has not left one while the other cannot be read', async () => {
    const story = await aMove();
    const moved = { a: ['a1', 'a2'], b: 'incomplete' as const };
    await check(story, webexWith(['a', 'b'], moved), { groups: ['a', 'b'] });
    await check(story, webexWith(['a', 'b'], moved), { groups: ['a', 'b'] });
    expect(await story.reactions()).toEqual([]);

    const whole = { a: ['a1', 'a2'], b: ['b1', 'b2', 'b3', 'mover'] };
    await check(story, webexWith(['a', 'b'], whole), { groups: ['a', 'b'] });
    expect(await story.reactions()).toEqual(['mover exact joined+left waits']);
  });

  it('has not left one while the other is missing from the list of groups', async () => {
    const story = await aMove();
    const lists = { a: ['a1', 'a2'], b: 'not-found' as const };
    await check(story, webexWith(['a'], lists), { groups: ['a'] });
    expect(await story.reactions()).toEqual([]);

    const whole = { a: ['a1', 'a2'], b: ['b1', 'b2', 'b3', 'mover'] };
    await check(story, webexWith(['a', 'b'], whole), { groups: ['a', 'b'] });
    expect(await story.reactions()).toEqual(['mover exact joined+left waits']);
  });
});

describe('a second read that fails', () => {
  it('leaves its reason with the read until a repetition succeeds', async () => {
    const { db } = database;
    const story = new MirrorStory(db);
    const { orgId } = story;
    const { readId } = await beginRead(db, orgId);
    await story.groups({ a: ['a1'] });
    await story.template('a');
    const pending = {
      ...{ startedAt: new Date().toISOString(), groupIds: ['a'], hasTrouble: false },
      ...{ readEverybody: false, check: null },
    };
    await keepPending(db, readId, pending);
    await mirrorMembers(db, { orgId, groupId: 'a', members: [] });
    const webex = webexWith(['a'], { a: [] });
    webex.listMembers = () => {
      throw new WebexError('unavailable', '503', { operation: 'GET members' });
    };
    const deps = { db, webex, orgId, confirmAfterMs: 0 } as unknown as ActivityDeps;
    const environment = new MockActivityEnvironment();
    const { confirmMissing } = confirmMissingActivities(deps);
    const run = () => environment.run(confirmMissing, { orgId, readId });
    await expect(run()).rejects.toThrow('503');
    expect(await readPending(db, orgId, readId)).toMatchObject({ secondReadTrouble: '503' });
    const whole = webexWith(['a'], { a: [] });
    deps.webex.listMembers = (groupId) => whole.listMembers(groupId);
    await run();
    expect(await readPending(db, orgId, readId)).toMatchObject({ secondReadTrouble: null });
  });
});
