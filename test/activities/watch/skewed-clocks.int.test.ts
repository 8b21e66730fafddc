/** R93: three clocks, of which no two agree, and nobody becomes gone or existing by it. */
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ActivityDeps } from '../../../src/activities/activity/deps';
import { confirmMissingActivities } from '../../../src/activities/directory/confirm-missing';
import { observeActivities } from '../../../src/activities/directory/observe';
import { lookAtDirectoryActivities } from '../../../src/activities/watch/look-at-directory';
import { openReactionsActivities } from '../../../src/activities/watch/open-reactions';
import { createLogger } from '../../../src/logger';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { longAgo, MirrorStory } from '../../support/mirror-story';
import {
  asOrganization,
  aScriptedWebex,
  licenseId,
  personId,
  type Asked,
  type Told,
} from '../../support/scripted-webex';

const day = 86_400_000;
const [ann, bob, dora, cleo] = [1, 2, 3, 4].map(personId) as [string, string, string, string];

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
afterEach(() => jest.useRealTimers());

interface Clocks {
  /** Before or after the database's clock. */
  workerMs?: number;
  webexMs?: number;
  /** How far the header `Date` is from Webex's own clock; null: there is no such header. */
  dateMs?: number | null;
}

/** A worker whose clock stands still, so far from the right time. Its timers go on. */
function skewWorker(byMs: number): void {
  jest.useFakeTimers({
    now: Date.now() + byMs,
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
}

/** Dora was created three seconds before the first check, and Cleo right after its first answer. */
async function anOrganization({ workerMs = 0, webexMs = 0, dateMs = 0 }: Clocks) {
  const { db } = database;
  const story = new MirrorStory(db);
  const { orgId } = story;
  await db.$client.query(
    `INSERT INTO organization (org_id, org_uuid, display_name) VALUES ($1, gen_random_uuid(), 'Acme')`,
    [orgId],
  );
  await story.template(null);
  /** Time that passes at Webex and that no test waits for. */
  let passedMs = 0;
  const nowMs = async () => {
    const { rows } = await db.$client.query<{ ms: number }>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
    );
    return rows[0]!.ms + webexMs + passedMs;
  };
  const people = new Map([
    [ann, longAgo],
    [bob, longAgo],
    [dora, new Date((await nowMs()) - 3_000)],
  ]);
  const shown = (ids: string[]) =>
    ids.map((id) => ({
      id,
      emails: [`${id.slice(-6)}@acme.example`],
      licenses: [licenseId('FMS')],
      created: people.get(id)?.toISOString(),
    }));
  const answerTo = ({ path, query }: Asked): Told => {
    if (path === '/v1/licenses') {
      const { size } = people;
      const license = { id: licenseId('FMS'), totalUnits: size, consumedByUsers: size };
      return { body: { items: [license] } };
    }
    if (path === '/v1/groups') return { body: { totalResults: 0, groups: [] } };
    if (path.startsWith('/v1/people/')) return { status: 404 };
    if (path !== '/v1/people') return { status: 403 };
    const ids = query.get('id')?.split(',');
    if (!ids) return { body: { items: shown([...people.keys()]) } };
    const [here, notFoundIds] = [
      ids.filter((id) => people.has(id)),
      ids.filter((id) => !people.has(id)),
    ];
    return { body: { items: shown(here), notFoundIds } };
  };
  const { webex, asked } = aScriptedWebex(
    async (call) => {
      const now = await nowMs();
      const { status, body } = asOrganization(call) ?? answerTo(call);
      if (call.path === '/v1/licenses' && !people.has(cleo)) people.set(cleo, new Date(now));
      const date = dateMs === null ? null : new Date(now + dateMs).toUTCString();
      return { ...(status && { status }), body, headers: date === null ? {} : { date } };
    },
    { readRetryMs: 0 },
  );
  skewWorker(workerMs);
  const logger = createLogger({ name: 'test', level: 'silent' });
  const deps = { db, webex, orgId, logger, confirmAfterMs: 0 } as unknown as ActivityDeps;
  const { lookAtDirectory, compareDirectory } = lookAtDirectoryActivities(deps);
  const { confirmMissing } = confirmMissingActivities(deps);
  const activities = new MockActivityEnvironment();
  const run = <I, O>(activity: (input: I) => Promise<O>, input: I) =>
    activities.run<[I], O, typeof activity>(activity, input);
  const stored = async (where: string) => {
    const query = `SELECT person_id AS id FROM directory_user WHERE org_id = $1 AND ${where}`;
    const { rows } = await db.$client.query<{ id: string }>(query, [orgId]);
    return rows.map(({ id }) => id).sort();
  };
  return {
    people,
    passes: (ms: number) => (passedMs += ms),
    gone: () => stored('gone_at IS NOT NULL'),
    missing: () => stored('missing_since IS NOT NULL'),
    observe: () => run(observeActivities(deps).observe, { orgId, rolloutId: null }),
    look: () => run(lookAtDirectory, { orgId, confirms: true }),
    confirm: async (readId: number) => {
      await run(confirmMissing, { orgId, readId });
      return await run(compareDirectory, { orgId, readId });
    },
    /** Opens reactions; returns how many reads by id that took. */
    open: async (readId?: number) => {
      const before = asked.length;
      const { openReactions } = openReactionsActivities(deps);
      const known = readId === undefined ? {} : { readId };
      await run(openReactions, { orgId, ...known });
      expect(await story.reactions()).toEqual([`${cleo} new new-user taken`]);
      return asked.slice(before).filter(({ query }) => query.has('id')).length;
    },
  };
}

const skews = [-20_000, 0, 20_000];
const cases: [string, Clocks][] = [
  ...skews.flatMap((workerMs) =>
    skews.map((webexMs): [string, Clocks] => [
      `the worker by ${workerMs} ms and Webex by ${webexMs} ms`,
      { workerMs, webexMs },
    ]),
  ),
  ['Webex by -20 minutes', { webexMs: -1_200_000 }],
  ['the Date of answers by -2 days, which is not believed', { dateMs: -2 * day }],
  ['the Date of answers by 1 hour, which is not believed', { dateMs: 3_600_000 }],
  ['the worker by 20000 ms, and answers have no Date', { workerMs: 20_000, dateMs: null }],
];

describe('clocks that disagree with the database', () => {
  it.each(cases)('R15 R93 make nobody existing or gone: %s', async (_, clocks) => {
    const { look, confirm, gone, missing, people } = await anOrganization(clocks);
    expect(await look()).toMatchObject({ isBaseline: true });
    const second = await look();
    expect(second).toMatchObject({ isBaseline: false, found: { 'new-user': 1 } });
    expect(second.confirm).toBeUndefined();
    expect([await missing(), await gone()]).toEqual([[], []]);

    people.delete(bob);
    const third = await look();
    expect([await missing(), await gone()]).toEqual([[bob], []]);
    expect(await confirm(third.confirm!.readId)).toEqual({ isBaseline: false, found: {} });
    expect([await missing(), await gone()]).toEqual([[bob], [bob]]);
  });

  it.each(skews)(
    "R93 a whole read before the first check is its start, by Webex's clock: %d ms",
    async (webexMs) => {
      const { observe, look, passes } = await anOrganization({ webexMs });
      await observe();
      // A read of its own would be the start otherwise, and Cleo be older than that.
      passes(10_000);
      expect(await look()).toMatchObject({ isBaseline: true });
      expect(await look()).toMatchObject({ found: { 'new-user': 1 } });
    },
  );

  it.each(skews)(
    'R93 users whom the check has just read are not read again: the worker by %d ms',
    async (workerMs) => {
      const { look, open } = await anOrganization({ workerMs });
      await look();
      const { readId } = await look();
      expect(await open(readId)).toBe(0);
    },
  );

  it('R93 without the number of the read, as earlier versions call it, all are read again', async () => {
    const { look, open } = await anOrganization({});
    await look();
    await look();
    expect(await open()).toBe(1);
  });
});
