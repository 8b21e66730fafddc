import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { ActivityDeps } from '../../../src/activities/activity/deps';
import { readGroupsWithRetries } from '../../../src/activities/directory/read-groups-with-retries';
import type { Db } from '../../../src/db/connect';
import { recordIncomplete } from '../../../src/db/directory/beliefs/beliefs';
import { grantList } from '../../../src/db/directory/beliefs/refusals';
import { beginRead } from '../../../src/db/directory/reads';
import { readGroupCovers } from '../../../src/db/directory/group-covers';
import { orgSettings, template } from '../../../src/db/schema';
import { saveSettings } from '../../../src/db/admin/settings';
import { defaultSettings } from '../../../src/domain/model/default-settings';
import { createLogger } from '../../../src/logger';
import { WebexError, type Webex, type WebexMember } from '../../../src/webex/port/webex';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.drop());
beforeEach(() => db.delete(orgSettings));

const people = (count: number): WebexMember[] =>
  Array.from({ length: count }, (_, i) => ({ memberId: `person-${i}`, type: 'user' }));
const inner = (...groupIds: string[]): WebexMember[] =>
  groupIds.map((memberId) => ({ memberId, type: 'group' }));

/** A list that shows fewer than it promises: taken only where a person accepts that. */
interface Part {
  shown: number;
  promised: number;
}

type Answer = WebexMember[] | WebexError | Part;

/**
 * An organization whose groups are those that `groups` names, the first with a template. Each read of
 * members takes the next answer, and the last one again and again.
 */
async function anOrganization(groups: Record<string, Answer[]>) {
  const orgId = randomUUID();
  const [templated = ''] = Object.keys(groups);
  await db.insert(template).values({
    templateId: randomUUID(),
    orgId,
    scope: 'group',
    groupId: templated,
    name: templated,
    latestRevision: 1,
    inForceRevision: 1,
  });
  const reads: string[] = [];
  let listFailures = 0;
  let promisedGroups = 2;
  const webex: Pick<Webex, 'listGroups' | 'listMembers'> = {
    listGroups({ acceptShown = null, onProof } = {}) {
      const came = { list: 'groups' as const, shown: 1, promised: promisedGroups };
      const isPart = listFailures-- > 0;
      if (isPart && (acceptShown === null || acceptShown > 1)) {
        return Promise.reject(incomplete(1, promisedGroups));
      }
      onProof?.(isPart ? { ...came, proof: 'accepted' } : { ...came, proof: 'total', promised: 1 });
      onProof?.({ list: 'group origins', proof: 'accepted', shown: 1, promised: 9 });
      return Promise.resolve(
        Object.keys(groups).map((groupId) => ({
          groupId,
          displayName: groupId.toUpperCase(),
          memberSize: null,
          isLocation: false,
          source: null,
          usage: null,
        })),
      );
    },
    async *listMembers(groupId, options = {}) {
      reads.push(groupId);
      const answers = groups[groupId] ?? [];
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      await Promise.resolve();
      if (answer instanceof WebexError) throw answer;
      if (answer && 'promised' in answer) {
        const { shown, promised } = answer;
        const { acceptShown = null, onProof } = options;
        if (acceptShown === null || shown < acceptShown) throw incomplete(shown, promised);
        onProof?.({ list: 'members', proof: 'accepted', shown, promised });
        yield people(shown);
        return;
      }
      if (answer) yield answer;
    },
  };
  const deps = {
    db,
    webex,
    orgId,
    logger: createLogger({ name: 'test', level: 'silent' }),
  } as unknown as ActivityDeps;
  const look = async (dropsAcceptedBy: { name: string; role: string } | null = null) => {
    const looked = await beginRead(db, orgId);
    const wanted = { orgId, looked, rolloutId: null, dropsAcceptedBy };
    return (await readGroupsWithRetries(deps, wanted, {})).doubtful;
  };
  const value = async (query: string, ...values: unknown[]) => {
    const { rows } = await db.$client.query<{ value: unknown }>(query, [orgId, ...values]);
    return rows.map((row) => row.value);
  };
  const kept = async (groupId: string) => {
    const count =
      'SELECT count(*)::int AS value FROM directory_member WHERE org_id = $1 AND group_id = $2';
    return (await value(count, groupId))[0];
  };
  const failLists = (times: number, promised = 2) => {
    listFailures = times;
    promisedGroups = promised;
  };
  return { orgId, look, reads, kept, value, failLists };
}

const incomplete = (shown: number, promised: number) =>
  new WebexError('incomplete', `${shown} of ${promised}`, {
    operation: 'GET',
    came: { list: 'members', shown, promised },
  });
const notFound = () => new WebexError('not-found', 'no such group', { operation: 'GET' });

describe('reading groups with retries', () => {
  it('R33 reads again if a page was missing, and stores the result', async () => {
    const { look, reads, kept } = await anOrganization({
      sales: [incomplete(12, 240), people(240)],
    });
    expect(await look()).toEqual([]);
    expect(reads).toHaveLength(2);
    expect(await kept('sales')).toBe(240);
  });

  it('tries again where the list of groups was not whole', async () => {
    const { look, kept, failLists } = await anOrganization({ sales: [people(3)] });
    failLists(2);
    expect(await look()).toEqual([]);
    expect(await kept('sales')).toBe(3);
    failLists(3);
    await expect(look()).rejects.toMatchObject({ kind: 'incomplete' });
  });

  it('R88 takes a list of groups that is not whole once a person has accepted what it shows', async () => {
    const { orgId, look, kept, failLists } = await anOrganization({ sales: [people(3)] });
    await recordIncomplete(db, { orgId, list: 'groups', shown: 1, promised: 2 });
    const actor = { name: 'ada', role: 'admin' };
    const reason = 'Webex counts one that is deleted';
    await grantList(db, { orgId, list: 'groups', shown: 1, missing: 1, actor, reason });
    failLists(3);
    expect(await look()).toEqual([]);
    expect(await kept('sales')).toBe(3);
  });

  it('R88 what a person accepted of a list of groups is for that trouble, and ends with it', async () => {
    const { orgId, look, value, failLists } = await anOrganization({ sales: [people(3)] });
    const ada = { name: 'ada', role: 'admin' };
    const accept = async () => {
      await recordIncomplete(db, { orgId, list: 'groups', shown: 1, promised: 2 });
      const grant = { orgId, list: 'groups', shown: 1, missing: 1 };
      await grantList(db, { ...grant, actor: ada, reason: 'one is deleted' });
    };
    const accepted = `SELECT concat_ws(' ', refusal, grant_shown, part_shown, part_promised) AS value
      FROM directory_belief WHERE org_id = $1 AND list = 'groups'`;
    await accept();
    failLists(3, 3);
    await expect(look()).rejects.toMatchObject({ context: { came: { shown: 1, promised: 3 } } });
    failLists(3);
    expect(await look()).toEqual([]);
    expect(await value(accepted)).toEqual(['1 2']);
    // The same part again is no news, another one is.
    failLists(3);
    expect(await look()).toEqual([]);
    failLists(3, 3);
    await expect(look()).rejects.toMatchObject({ kind: 'incomplete' });
    failLists(0);
    expect(await look()).toEqual([]);
    expect(await value(accepted)).toEqual(['']);
    failLists(3);
    await expect(look()).rejects.toMatchObject({ kind: 'incomplete' });
    // Accepted and whole before it was read again: used up all the same.
    await accept();
    failLists(0);
    expect(await look()).toEqual([]);
    expect(await value(accepted)).toEqual(['']);
  });

  it('R88 what was accepted of a list that lacks a part does not cover groups that then vanish', async () => {
    const { orgId, look, value, failLists } = await anOrganization({ sales: [people(3)] });
    await look();
    await db.execute(sql`
      INSERT INTO directory_group (org_id, group_id, display_name, is_location, seen_in, read_at)
      SELECT ${orgId}, 'gone-' || n, 'gone', false, 0, now() FROM generate_series(1, 9) n`);
    await recordIncomplete(db, { orgId, list: 'groups', shown: 1, promised: 10 });
    const grant = { orgId, list: 'groups', shown: 1, missing: 9 };
    await grantList(db, { ...grant, actor: { name: 'ada', role: 'admin' }, reason: 'known' });
    failLists(0);
    await look();
    const granted = `SELECT concat_ws(' ', refusal, grant_shown, grant_missing) AS value
      FROM directory_belief WHERE org_id = $1 AND list = 'groups'`;
    expect(await value(granted)).toEqual(['']);
  });

  it('R33 keeps the members that it had where a part never comes, and says the figures', async () => {
    const { look, reads, kept, value } = await anOrganization({
      sales: [people(240), incomplete(12, 240)],
    });
    expect(await look()).toEqual([]);
    const doubtful = await look();
    const figures = 'Group "SALES": only 12 of 240 members could be read';
    expect(doubtful).toEqual([{ groupId: 'sales', reason: expect.stringContaining(figures) }]);
    expect(reads).toHaveLength(4);
    expect(await kept('sales')).toBe(240);
    const told =
      "SELECT details->>'reason' AS value FROM audit_event WHERE org_id = $1 AND action = 'directory.doubted'";
    expect(await value(told)).toEqual([expect.stringContaining(figures)]);
    const refused = `SELECT refusal || ' ' || refused_before || ' ' || refused_now AS value
      FROM directory_belief WHERE org_id = $1 AND list = 'members:sales'`;
    expect(await value(refused)).toEqual(['incomplete 240 12']);
  });

  it('R89 keeps members whom one read does not show, and those who join are stored', async () => {
    const { look, kept } = await anOrganization({ sales: [people(240), people(12), people(250)] });
    for (const members of [240, 240, 250]) {
      expect(await look()).toEqual([]);
      expect(await kept('sales')).toBe(members);
    }
  });

  it('R88 a person may accept a drop: it is kept for the verdict, and audited', async () => {
    const { look, kept, value } = await anOrganization({ sales: [people(240), people(12)] });
    await look();
    const ada = { name: 'ada', role: 'admin' };
    expect(await look(ada)).toEqual([]);
    // A second read has to agree first.
    expect(await kept('sales')).toBe(240);
    const granted = `SELECT grant_missing AS value FROM directory_belief
      WHERE org_id = $1 AND list = 'members:sales'`;
    expect(await value(granted)).toEqual([228]);
    const told = "SELECT actor || ' ' || details::text AS value FROM audit_event WHERE org_id = $1";
    expect(await value(told)).toEqual(['ada {"now": 12, "before": 240}']);
  });

  it('R88 a list cut to what is stored is believed only while a person has accepted just that', async () => {
    const part = { shown: 100, promised: 450 };
    const { look, kept } = await anOrganization({
      // Whole, then cut; accepted by a person, and the same again; then another total, then whole.
      sales: [people(100), part, part, part, part, part, part, { ...part, promised: 460 }],
    });
    expect(await look()).toEqual([]);
    const doubt = { groupId: 'sales', reason: expect.stringContaining('100 of 450') as string };
    expect(await look()).toEqual([doubt]);
    expect(await kept('sales')).toBe(100);
    expect(await look({ name: 'ada', role: 'admin' })).toEqual([]);
    expect(await look()).toEqual([]);
    expect(await look()).toEqual([]);
    const other = { groupId: 'sales', reason: expect.stringContaining('100 of 460') as string };
    expect(await look()).toEqual([other]);
  });

  it('R33 keeps the members of a group that is not found, which has vanished', async () => {
    const { look, kept, value } = await anOrganization({ sales: [people(240), notFound()] });
    await look();
    expect(await look()).toEqual([]);
    expect(await kept('sales')).toBe(240);
    const gone = 'SELECT gone_at IS NOT NULL AS value FROM directory_group WHERE org_id = $1';
    expect(await value(gone)).toEqual([true]);
  });

  it('R10 reads nested groups only if the settings say so, each once in a circle', async () => {
    const { orgId, look, reads } = await anOrganization({
      outer: [[...people(2), ...inner('middle')]],
      middle: [inner('inmost', 'outer', 'elsewhere')],
      inmost: [inner('outer', 'inmost')],
    });
    await look();
    expect(reads.splice(0)).toEqual(['outer']);
    await saveSettings(db, orgId, { ...defaultSettings, includeParentGroups: true });
    await look();
    expect(reads).toEqual(['outer', 'middle', 'inmost']);
    const [cover] = await readGroupCovers(db, { orgId, groupIds: ['outer'], includeInner: true });
    expect(cover?.memberGroupIds).toEqual(['elsewhere', 'inmost', 'middle', 'outer']);
  });

  it('R10 R33 also doubts the members of a nested group', async () => {
    const { orgId, look, kept } = await anOrganization({
      outer: [inner('middle')],
      middle: [people(40), incomplete(1, 40)],
    });
    await saveSettings(db, orgId, { ...defaultSettings, includeParentGroups: true });
    await look();
    expect(await look()).toEqual([
      { groupId: 'middle', reason: expect.stringContaining('1 of 40') },
    ]);
    expect(await kept('middle')).toBe(40);
  });
});
