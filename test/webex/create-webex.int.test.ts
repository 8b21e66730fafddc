import path from 'node:path';
import type { Change, Operation } from '../../src/domain/model/change';
import { offerOfLicenseId } from '../../src/domain/model/webex-id';
import { changeSettings, type SettingsInput } from '../../src/simulator/state/settings';
import { startSimulator, type RunningSimulator } from '../../src/simulator/start-simulator';
import { allScopes, tokenName } from '../../src/simulator/state/tokens';
import { createWebex, type WebexOptions } from '../../src/webex/create-webex';
import type { Webex, WebexUser } from '../../src/webex/port/webex';
import { startBentWebex } from '../support/bent-webex';
import { aChange, all } from '../support/scripted-webex';

let running: RunningSimulator;
let webex: Webex;
let users: WebexUser[];

beforeAll(async () => {
  running = await startSimulator({ users: 250, seed: 7 });
  webex = aClient();
  users = (await all(webex.listPeople())).flatMap((page) => page.users);
});
afterAll(() => running.close());
beforeEach(() => {
  set({ faults: {}, throttle: null, licensesInLists: true, peoplePageCap: 1000, latencyMs: 0 });
  running.simulator.log.reset();
  running.simulator.counters.reset();
});

function aClient(options: Partial<WebexOptions> = {}): Webex {
  return createWebex({
    baseUrl: running.url,
    credential: { kind: 'token', accessToken: running.adminToken },
    readOnly: false,
    userAgent: 'seatwise/test',
    random: () => 0,
    ...options,
  });
}

function set(settings: SettingsInput): void {
  running.simulator.settings = changeSettings(running.simulator.settings, settings);
}

async function change(operation: Operation, offer: string): Promise<Change> {
  const license = (await webex.listLicenses()).find((each) => each.offer === offer)!;
  const { id: licenseId, site } = license;
  return aChange(operation, { kind: 'license', licenseId, offer, site });
}

/** The status that each write came to, whatever the caller was told. */
const workDone = () => running.simulator.log.read(0, 1000).map((write) => write.statusDone);

const callsOf = (operation: string) =>
  Object.values(running.simulator.counters.read().byOperation[operation] ?? {}).reduce(
    (sum, count) => sum + count,
    0,
  );

describe('reading a whole organization', () => {
  it('finds licenses with offers, sites and units', async () => {
    const licenses = await webex.listLicenses();
    expect(licenses.map((license) => license.offer)).toEqual(
      expect.arrayContaining(['FMS', 'FTM', 'FTC', 'FSS', 'MS', 'EE']),
    );
    const suites = licenses.filter((license) => license.offer === 'EE');
    expect(suites.every((license) => license.site?.endsWith('.webex.com'))).toBe(true);
    expect(licenses.find((license) => license.offer === 'FMS')?.subscriptionId).toBeNull();
  });

  it('finds groups with all their members, and marks location groups (R13)', async () => {
    const groups = await webex.listGroups();
    expect(groups.some((group) => group.isLocation)).toBe(true);
    for (const group of groups) {
      const members = (await all(webex.listMembers(group.groupId))).flat();
      expect(members).toHaveLength(group.memberSize!);
    }
  });

  it('R12 R13 reads the origin of groups from SCIM', async () => {
    const groups = await webex.listGroups();
    expect(new Set(groups.map(({ source }) => source))).toEqual(
      new Set(['AD', 'API', 'CONTROL_HUB']),
    );
    for (const { isLocation, usage } of groups) expect(usage === 'location').toBe(isLocation);
  });

  it('R15 finds users created or changed since a time, by the ids that people have', async () => {
    const everybody = (await all(webex.listChangedUsers(new Date(0)))).flatMap(
      ({ changed }) => changed,
    );
    expect(everybody.map(({ personId }) => personId).sort()).toEqual(
      users.map(({ personId }) => personId).sort(),
    );
    const since = new Date(everybody[0]!.lastModified.getTime() + 1);
    expect(await all(webex.listChangedUsers(since))).toEqual([]);
    const personId = users[2]!.personId;
    await webex.writeUser(personId, [await change('add', 'RTT')]);
    const changed = await all(webex.listChangedUsers(since));
    expect(changed).toMatchObject([{ changed: [{ personId, active: true }] }]);
    await webex.writeUser(personId, [await change('remove', 'RTT')]);
  });

  it('R15 is forbidden if the token may not read SCIM', async () => {
    const accessToken = 'without-scim';
    running.simulator.tokens.add({
      value: accessToken,
      name: tokenName(accessToken),
      scopes: allScopes.filter((scope) => !scope.startsWith('identity:people')),
      kind: 'person',
      expiresAt: Infinity,
    });
    const limited = aClient({ credential: { kind: 'token', accessToken } });
    await expect(all(limited.listChangedUsers(new Date(0)))).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });

  it('finds everybody, by pages of any size, with the same holdings', async () => {
    expect(users.length).toBeGreaterThanOrEqual(250);
    set({ peoplePageCap: 30 });
    const again = (await all(aClient().listPeople())).flatMap((page) => page.users);
    expect(again).toEqual(users);
  });

  it('finds the same holdings if lists have no licenses', async () => {
    const listed = new Set((await webex.listLicenses()).map((license) => license.id));
    set({ licensesInLists: false });
    const bare = (await all(aClient().listPeople())).flatMap((page) => page.users);
    expect(bare.map((user) => user.holdings.licenses)).toEqual(
      users.map((user) => user.holdings.licenses.filter((id) => listed.has(id))),
    );
    expect(callsOf('get person')).toBe(0);
  });

  it('finds the same users by id, and reports those that do not exist', async () => {
    const nobody = users[0]!.personId.slice(0, -6) + 'AAAAAA';
    const wanted = users.slice(0, 100).map((user) => user.personId);
    const pages = await all(webex.readPeople([...wanted, nobody], 10_000));
    expect(pages.flatMap((page) => page.users)).toHaveLength(100);
    expect(pages.flatMap((page) => page.notFound)).toEqual([nobody]);
    expect(callsOf('list people')).toBe(2);
    set({ peoplePageCap: 30 });
    const small = await all(webex.readPeople(wanted, 10_000));
    expect(small.flatMap((page) => page.users)).toHaveLength(100);
    expect(small.flatMap((page) => page.notFound)).toEqual([]);
  });

  it('says whose token it is and what it may do', async () => {
    const report = await webex.checkCredential();
    expect(report.orgId).toBe(running.simulator.organization.orgId);
    expect(report.organizationName).toBe(running.simulator.organization.displayName);
    expect(report.scopes.missing).toEqual([]);
  });
});

describe('writing to a user', () => {
  it('removes and adds, and shows what is held afterwards', async () => {
    const { personId } = users[1]!;
    const removal = await change('remove', 'FTC');
    const removed = await webex.writeUser(personId, [removal]);
    expect(removed).toMatchObject({ status: 200, done: [removal], refused: [] });
    expect(removed.trackingId).not.toBeNull();
    const addition = { ...removal, operation: 'add' as const };
    const added = await webex.writeUser(personId, [addition]);
    expect(added).toMatchObject({ status: 200, done: [addition], refused: [] });
    expect(added.holdings.licenses).toEqual(users[1]!.holdings.licenses);
  });

  it('R40 makes an attendee, and a host of the attendee, with a call each', async () => {
    const suites = (await webex.listLicenses()).filter((license) => license.offer === 'EE');
    const suite = suites.find((license) => (license.consumedUnits ?? 0) < license.totalUnits)!;
    const site = suite.site!;
    const user = users.find(
      ({ kind, holdings }) =>
        kind === 'person' &&
        !holdings.licenses.includes(suite.id) &&
        !(holdings.attendeeSites ?? []).includes(site),
    )!;
    const toAttendee = aChange('add', { kind: 'attendee', site });
    const attendee = await webex.writeUser(user.personId, [toAttendee]);
    expect(attendee).toMatchObject({ done: [toAttendee], refused: [] });
    expect(attendee.holdings.attendeeSites).toContain(site);
    const toHost = [
      aChange('add', { kind: 'license', licenseId: suite.id, offer: 'EE', site }),
      aChange('remove', { kind: 'attendee', site }),
    ];
    const host = await webex.writeUser(user.personId, toHost);
    expect(host).toMatchObject({ done: toHost, refused: [] });
    expect(host.holdings.attendeeSites).not.toContain(site);
    expect(callsOf('assign licenses')).toBe(2);
  });

  it('R57 is refused with the code of Webex', async () => {
    const write = webex.writeUser(users[2]!.personId, [await change('remove', 'FSS')]);
    await expect(write).rejects.toMatchObject({
      kind: 'rejected',
      context: { status: 400, codes: [700006] },
    });
  });

  it('distinguishes a missing user from a wrong license', async () => {
    const nobody = users[0]!.personId.slice(0, -6) + 'AAAAAA';
    const removal = await change('remove', 'FTC');
    await expect(webex.writeUser(nobody, [removal])).rejects.toMatchObject({ kind: 'not-found' });
    const malformed = aChange('add', { kind: 'license', licenseId: 'abc', offer: 'X', site: null });
    const write = webex.writeUser(users[2]!.personId, [malformed]);
    await expect(write).rejects.toMatchObject({ kind: 'rejected', context: { status: 404 } });
  });

  it('sends no write in read-only mode', async () => {
    const removal = await change('remove', 'FTC');
    const write = aClient({ readOnly: true }).writeUser(users[2]!.personId, [removal]);
    await expect(write).rejects.toMatchObject({ kind: 'read-only' });
    expect(workDone()).toEqual([]);
  });
});

describe('a fault while writing', () => {
  const once = { probability: 1, times: 1 };
  const cases: [string, SettingsInput, object, number | null][] = [
    [
      'error5xxBefore',
      { faults: { error5xxBefore: { ...once, retryAfterSeconds: 7 } } },
      { kind: 'unavailable', context: { status: 503, retryAfterMs: 7000, outcomeUnknown: true } },
      null,
    ],
    [
      'error5xxAfter',
      { faults: { error5xxAfter: { ...once, status: 500 } } },
      { kind: 'unavailable', context: { status: 500, outcomeUnknown: true } },
      200,
    ],
    [
      'resetBefore',
      { faults: { resetBefore: once } },
      { kind: 'unavailable', context: { outcomeUnknown: true } },
      null,
    ],
    [
      'resetAfter',
      { faults: { resetAfter: once } },
      { kind: 'unavailable', context: { outcomeUnknown: true } },
      200,
    ],
    [
      'slow',
      { faults: { slow: { ...once, minMs: 1500, maxMs: 1500 } } },
      { kind: 'unavailable', context: { outcomeUnknown: true } },
      200,
    ],
    [
      'locked423',
      { faults: { locked423: { ...once, retryAfterSeconds: 3 } } },
      { kind: 'locked', context: { status: 423, retryAfterMs: 3000, outcomeUnknown: false } },
      null,
    ],
  ];

  it.each(cases)(
    '%s is reported as it is, and nothing is repeated',
    async (_, faults, error, done) => {
      const { personId } = users[3]!;
      const removal = await change('remove', 'FTC');
      await webex.writeUser(personId, [{ ...removal, operation: 'add' }]);
      running.simulator.log.reset();
      set(faults);
      const write = aClient({ timeoutMs: 1000 }).writeUser(personId, [removal]);
      await expect(write).rejects.toMatchObject(error);
      expect(workDone()).toEqual([done]);
      // If the caller repeats the write, it succeeds.
      const repeated = await webex.writeUser(personId, [removal]);
      expect(repeated).toMatchObject({ done: [removal], refused: [] });
    },
  );

  it('a 200 whose removal had no effect shows it as refused', async () => {
    const { personId } = users[4]!;
    const removal = await change('remove', 'FTC');
    set({ faults: { ineffectiveRemoval200: once } });
    const answer = await webex.writeUser(personId, [removal]);
    expect(answer).toMatchObject({ status: 200, done: [], refused: [removal] });
  });

  it('a 206 that did half shows which half', async () => {
    const { personId } = users[5]!;
    const changes = [await change('remove', 'FTC'), await change('remove', 'FTM')];
    set({ faults: { half206: once } });
    const answer = await webex.writeUser(personId, changes);
    expect(answer.status).toBe(206);
    expect(answer.done).toHaveLength(1);
    expect(answer.refused).toHaveLength(1);
  });

  it('a 429 is told with its wait, and nothing is done', async () => {
    const removal = await change('remove', 'FTC');
    set({ throttle: { ratePerSecond: 0.1, burst: 1, on: 'writes' } });
    const spend = { ...removal, operation: 'add' as const };
    await webex.writeUser(users[6]!.personId, [spend]);
    running.simulator.log.reset();
    const error = webex.writeUser(users[6]!.personId, [removal]);
    await expect(error).rejects.toMatchObject({
      kind: 'throttled',
      context: { status: 429, retryAfterMs: expect.any(Number), outcomeUnknown: false },
    });
    expect(workDone().filter((status) => status !== null)).toEqual([]);
  });
});

describe('a fault while reading', () => {
  const twice = { probability: 1, times: 2, on: 'reads' as const };
  it.each<[string, SettingsInput]>([
    ['5xx', { faults: { error5xxBefore: twice } }],
    ['a reset', { faults: { resetBefore: twice } }],
    ['423', { faults: { locked423: { ...twice, retryAfterSeconds: 0 } } }],
    ['slow answers', { faults: { slow: { ...twice, times: 1, minMs: 1500, maxMs: 1500 } } }],
    ['429', { throttle: { ratePerSecond: 2, burst: 1 } }],
  ])('%s leads to a wait', async (_, settings) => {
    set({ ...settings, peoplePageCap: 100 });
    const client = aClient({ timeoutMs: 1000 });
    const read = (await all(client.listPeople())).flatMap((page) => page.users);
    expect(read.map((user) => user.personId)).toEqual(users.map((user) => user.personId));
  });
});

describe('an answer that is said to be compressed and is not', () => {
  const calls = ['GET /people', 'GET /licenses', 'GET /groups', 'GET /groups/{groupId}/members'];
  const cases = ['gzip', 'deflate', 'br'].flatMap((coding) =>
    calls.map((call) => [call, coding] as const),
  );

  it.each(cases)('R87 is asked for again: %s, %s', async (call, coding) => {
    const bend = { call, nth: 1, headers: { 'content-encoding': coding } };
    const bent = await startBentWebex({ upstream: running.url, bend: [bend] });
    const read = async (client: Webex) => {
      const [group] = await client.listGroups();
      return {
        people: (await all(client.listPeople())).flatMap((page) => page.users).length,
        licenses: (await client.listLicenses()).length,
        members: (await all(client.listMembers(group!.groupId))).flat().length,
      };
    };
    try {
      expect(await read(aClient({ baseUrl: bent.url }))).toEqual(await read(webex));
      expect(bent.count(call)).toBeGreaterThan(1);
    } finally {
      await bent.close();
    }
  });
});

describe('the recorded organization', () => {
  it('is read whole, with what people hold beyond the list of licenses', async () => {
    const recorded = await startSimulator({
      org: path.join(__dirname, '../../examples/recorded-org'),
    });
    const { url: baseUrl, adminToken: accessToken } = recorded;
    const client = aClient({ baseUrl, credential: { kind: 'token', accessToken } });
    try {
      const listed = new Set((await client.listLicenses()).map((license) => license.id));
      const people = (await all(client.listPeople())).flatMap((page) => page.users);
      const groups = await client.listGroups();
      expect(people.length).toBeGreaterThan(40);
      const unlisted = people.flatMap(({ holdings }) =>
        holdings.licenses.filter((id) => !listed.has(id)).map((id) => offerOfLicenseId(id)),
      );
      expect(new Set(unlisted)).toContain('WAM');
      expect(groups).toHaveLength(54);
      expect(groups.filter((group) => group.isLocation)).toHaveLength(7);
      for (const group of groups) {
        const members = (await all(client.listMembers(group.groupId))).flat();
        expect(members).toHaveLength(group.memberSize!);
      }
    } finally {
      await recorded.close();
    }
  });
});

describe('tokens', () => {
  function mint(token: { scopes?: readonly string[]; expiresAt?: number; isServiceApp?: boolean }) {
    const value = `minted-${Math.random()}`;
    running.simulator.tokens.add({
      value,
      name: tokenName(value),
      scopes: token.scopes ?? allScopes,
      kind: token.isServiceApp ? 'service-app' : 'person',
      expiresAt: token.expiresAt ?? Number.MAX_SAFE_INTEGER,
    });
    return aClient({ credential: { kind: 'token', accessToken: value } });
  }

  it('of a service app open its organization, though there is no people/me', async () => {
    const report = await mint({ isServiceApp: true }).checkCredential();
    expect(report).toMatchObject({
      orgId: running.simulator.organization.orgId,
      tokenOwner: null,
    });
  });

  it('without a scope are forbidden what it permits, and the check names it', async () => {
    const scopes = allScopes.filter((scope) => !scope.startsWith('identity:groups'));
    const limited = mint({ scopes });
    await expect(limited.listGroups()).rejects.toMatchObject({ kind: 'forbidden' });
    expect((await limited.checkCredential()).scopes.missing).toEqual(['identity:groups_read']);
  });

  it('that ended are forbidden', async () => {
    await expect(mint({ expiresAt: 1 }).checkCredential()).rejects.toMatchObject({
      kind: 'forbidden',
      context: { status: 401 },
    });
  });
});
