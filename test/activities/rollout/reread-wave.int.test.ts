import { MockActivityEnvironment } from '@temporalio/testing';
import type { ActivityDeps } from '../../../src/activities';
import { rereadWaveActivities } from '../../../src/activities/rollout/reread-wave';
import type { Db } from '../../../src/db/connect';
import {
  WebexError,
  type Webex,
  type WebexMember,
  type WebexUser,
} from '../../../src/webex/port/webex';
import { licenseId } from '../../domain/builders';
import { anOrganization, organization, sales } from '../../support/aged-plan';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { longAgo } from '../../support/mirror-story';
import { valueOf } from '../../support/seed';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.drop());

/**
 * A plan of thirty users, whose group got a template afterwards that grants what the plan removes.
 * Nobody knows of its members, until Webex shows these.
 */
async function aWave(shown: readonly string[] | WebexError) {
  const { orgId, save, plan } = await anOrganization(db);
  const templateId = await save(organization, ['MS']);
  const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
  await save(sales, ['RTT']);
  const asked: string[] = [];
  const webex: Pick<Webex, 'listMembers' | 'readPeople'> = {
    async *listMembers(groupId) {
      asked.push(groupId);
      await Promise.resolve();
      if (shown instanceof WebexError) throw shown;
      yield shown.map((memberId): WebexMember => ({ memberId, type: 'user' }));
    },
    async *readPeople(personIds) {
      await Promise.resolve();
      yield { users: personIds.map(asPlanned), notFound: [] };
    },
  };
  const deps = { db, webex, confirmAfterMs: 0 } as unknown as ActivityDeps;
  const { rereadWave } = rereadWaveActivities(deps);
  const ref = { orgId, rolloutId, wave: 1 };
  return {
    asked,
    reread: async () => {
      const answer: unknown = await new MockActivityEnvironment().run(rereadWave, ref);
      return answer as Awaited<ReturnType<typeof rereadWave>>;
    },
    hold: () =>
      valueOf<string | null>(db, 'SELECT hold FROM rollout WHERE rollout_id = $1', [rolloutId]),
  };
}

function asPlanned(personId: string): WebexUser {
  return {
    personId,
    email: `${personId}@example.com`,
    displayName: personId,
    addresses: [`${personId}@example.com`],
    kind: 'person',
    status: 'active',
    invitePending: null,
    loginEnabled: null,
    calling: null,
    createdAt: longAgo,
    holdings: {
      licenses: ['FMS', 'FTM', 'RTT'].map((offer) => licenseId(offer)),
      attendeeSites: [],
    },
  };
}

describe('before a wave', () => {
  it('R101 reads the members of a group whose template is newer than they are, once', async () => {
    const { asked, reread, hold } = await aWave(['p01', 'p02', 'p03']);
    const first = await reread();
    expect(first).toMatchObject({ counts: { planned: 27, conflict: 3 } });
    expect(first.stale).toBeUndefined();
    expect(await reread()).toMatchObject({ counts: { planned: 27, conflict: 3 } });
    expect(asked).toEqual(['sales']);
    expect(await hold()).toBeNull();
  });

  it('R101 holds the rollout where these members are too many, and ends nobody', async () => {
    const members = Array.from({ length: 9 }, (_, i) => `p0${i + 1}`);
    const { reread, hold } = await aWave(members);
    const { stale, counts } = await reread();
    expect(stale).toContain('9 of 30 users who are left would be decided differently today');
    expect(counts).toEqual({ planned: 30 });
    expect(await hold()).toBe(stale);
  });

  it('R101 R87 holds the rollout where these members can not be read as a whole', async () => {
    const came = { list: 'members', shown: 2, promised: 30 } as const;
    const partial = new WebexError('incomplete', 'members: 2 of 30', { operation: 'GET', came });
    const { reread, hold } = await aWave(partial);
    const { stale, counts } = await reread();
    expect(stale).toContain('2 of 30');
    expect(counts).toEqual({ planned: 30 });
    expect(await hold()).toBe(stale);
  });
});
