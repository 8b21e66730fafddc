import { MockActivityEnvironment } from '@temporalio/testing';
import type { ActivityDeps } from '../../../src/activities';
import { rereadWaveActivities } from '../../../src/activities/rollout/reread-wave';
import { confirmMissingActivities } from '../../../src/activities/directory/confirm-missing';
import type { Db } from '../../../src/db/connect';
import { countOutcomes } from '../../../src/db/rollout/rollouts';
import type { PartialRequest } from '../../../src/domain/kinds/complete-request';
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

const people = (count: number) =>
  Array.from({ length: count }, (_, i) => `p${String(i + 1).padStart(2, '0')}`);
const came = { list: 'members', shown: 2, promised: 30 } as const;
const incomplete = new WebexError('incomplete', 'members: 2 of 30', { operation: 'GET', came });

/** What a wave asks before it begins, of a Webex that shows these members of every group. */
function waveOf(orgId: string, rolloutId: string, first: readonly string[]) {
  const asked: string[] = [];
  const webex: Pick<Webex, 'listMembers' | 'readPeople'> & {
    shown: readonly string[] | WebexError;
  } = {
    shown: first,
    async *listMembers(groupId) {
      asked.push(groupId);
      await Promise.resolve();
      if (webex.shown instanceof WebexError) throw webex.shown;
      yield webex.shown.map((memberId): WebexMember => ({ memberId, type: 'user' }));
    },
    async *readPeople(personIds) {
      await Promise.resolve();
      yield { users: personIds.map(asPlanned), notFound: [] };
    },
  };
  const deps = { db, webex, orgId, confirmAfterMs: 0 } as unknown as ActivityDeps;
  const { rereadWave } = rereadWaveActivities(deps);
  const { confirmMissing } = confirmMissingActivities(deps);
  const column = (name: string) => () =>
    valueOf<string | null>(db, `SELECT ${name} FROM rollout WHERE rollout_id = $1`, [rolloutId]);
  return {
    webex,
    asked,
    reread: async (confirmed = false) => {
      const input = { orgId, rolloutId, wave: 1, confirmed };
      const answer: unknown = await new MockActivityEnvironment().run(rereadWave, input);
      return answer as Awaited<ReturnType<typeof rereadWave>>;
    },
    secondRead: async (confirm: { readId: number } | undefined) => {
      const input = { orgId, readId: confirm?.readId ?? 0 };
      await new MockActivityEnvironment().run(confirmMissing, input);
    },
    outcomes: () => countOutcomes(db, rolloutId),
    hold: column('hold'),
    trouble: column('read_trouble'),
  };
}

/**
 * A plan of thirty users, whose group got a template afterwards that grants what the plan removes.
 * Nobody knows of its members, until Webex shows these.
 */
async function aWave(shown: readonly string[]) {
  const { orgId, save, plan } = await anOrganization(db);
  const templateId = await save(organization, ['MS']);
  const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
  await save(sales, ['RTT']);
  return waveOf(orgId, rolloutId, shown);
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

  it('R101 R87 waits where these members can not be read as a whole, says so, and ends nobody', async () => {
    const { webex, reread, trouble, outcomes } = await aWave(people(3));
    webex.shown = incomplete;
    await expect(reread()).rejects.toMatchObject({
      type: 'ObservationIncomplete',
      nonRetryable: false,
    });
    expect(await trouble()).toContain('only 2 of 30 members could be read');
    expect(await trouble()).toContain('until an administrator accepts the list');
    expect(await outcomes()).toEqual({ planned: 30 });
    webex.shown = people(3);
    expect(await reread()).toMatchObject({ counts: { planned: 27, conflict: 3 } });
    expect(await trouble()).toBeNull();
  });
});

/** RTT is taken from the members of the group, whose list was read long ago. */
async function aTakingWave(inSales: number, more: Partial<PartialRequest> = {}) {
  const story = await anOrganization(db, inSales);
  await story.story.organization();
  const templateId = await story.save(sales, ['MS']);
  const rolloutId = await story.plan({ kind: 'template', templateId, revision: 1 }, more);
  const wave = waveOf(story.orgId, rolloutId, people(inSales));
  const aMinutePasses = () =>
    db.$client.query(
      `UPDATE directory_group SET members_began_at = now() - interval '61 seconds'
       WHERE org_id = $1`,
      [story.orgId],
    );
  const wentOn = () =>
    db.$client.query('UPDATE rollout SET went_on_at = now() WHERE rollout_id = $1', [rolloutId]);
  await aMinutePasses();
  return { ...story, ...wave, aMinutePasses, wentOn };
}

describe('before a wave that takes something', () => {
  it('R101 reads the members of the groups that decide, unless they were read within a minute', async () => {
    const { asked, reread, aMinutePasses } = await aTakingWave(10);
    expect(await reread()).toMatchObject({ counts: { planned: 10 } });
    await reread();
    expect(asked).toEqual(['sales']);
    await aMinutePasses();
    await reread();
    expect(asked).toEqual(['sales', 'sales']);
  });

  it('R101 reads them again where the rollout has gone on since, however young they are', async () => {
    const { asked, reread, wentOn } = await aTakingWave(10);
    await reread();
    await wentOn();
    await reread();
    expect(asked).toEqual(['sales', 'sales']);
  });

  it('R101 notices who has joined a group that grants what it takes, although no check has shown it', async () => {
    const story = await anOrganization(db);
    await story.save(sales, ['RTT']);
    const templateId = await story.save(organization, ['MS']);
    await story.story.groups({ sales: [] });
    const rolloutId = await story.plan({ kind: 'template', templateId, revision: 1 });
    await db.$client.query('UPDATE directory_group SET members_began_at = NULL WHERE org_id = $1', [
      story.orgId,
    ]);
    const { reread, outcomes } = waveOf(story.orgId, rolloutId, ['p07', 'p08']);
    await reread();
    expect(await outcomes()).toEqual({ planned: 28, conflict: 2 });
  });

  it('R88 reads no group again where nobody loses anything', async () => {
    const { asked, reread, aMinutePasses } = await aTakingWave(10, { preserveLicenses: true });
    await reread();
    await aMinutePasses();
    await reread();
    // Once, because its template is newer than its list.
    expect(asked).toEqual(['sales']);
  });

  it('R89 asks for a second read where somebody who loses something is missing, and ends nobody before', async () => {
    const { webex, reread, trouble, outcomes, secondRead } = await aTakingWave(30);
    webex.shown = people(2);
    const { confirm, againAfterMs } = await reread();
    expect(againAfterMs).toBe(confirm?.afterMs);
    expect(await trouble()).toContain('are read a second time before the wave begins');
    expect(await outcomes()).toEqual({ planned: 30 });
    webex.shown = people(30);
    await secondRead(confirm);
    expect(await reread(true)).toEqual({ counts: { planned: 30 }, writable: 30 });
    expect(await trouble()).toBeNull();
  });

  it('R88 R101 holds where both reads lack implausibly many, with both figures, and counts it as one check', async () => {
    const { webex, reread, hold, outcomes, secondRead } = await aTakingWave(30);
    webex.shown = people(2);
    for (const attempt of [1, 2]) {
      const { confirm } = await reread();
      if (attempt === 1) await secondRead(confirm);
    }
    const { stale } = await reread(true);
    expect(stale).toContain('shows 2 entries, and 28 of the 30 before are missing');
    expect(await hold()).toBe(stale);
    expect(await outcomes()).toEqual({ planned: 30 });
  });

  it('R89 R101 leaves out the few who have left, once both reads say so', async () => {
    const { webex, reread, outcomes, secondRead } = await aTakingWave(30);
    webex.shown = people(28);
    await secondRead((await reread()).confirm);
    await reread(true);
    expect(await outcomes()).toEqual({ planned: 28, conflict: 2 });
  });

  it('R33 R101 holds where the group is not found', async () => {
    const { webex, reread, hold, outcomes } = await aTakingWave(30);
    webex.shown = new WebexError('not-found', 'no such group', { operation: 'GET' });
    await reread();
    expect(await hold()).toContain('Groups with a template have disappeared');
    expect(await outcomes()).toEqual({ planned: 30 });
  });
});
