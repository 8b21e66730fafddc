import { setTimeout as delay } from 'node:timers/promises';
import type { SettingsInput } from '../../../src/simulator/state/settings';
import { callSimulator, type SimulatorCaller } from '../../support/simulator-caller';

const always = { probability: 1 };

describe('throttling', () => {
  let webex: SimulatorCaller;
  beforeAll(async () => {
    webex = await callSimulator();
  });
  afterAll(() => webex.close());

  it('answers 429 with Retry-After past the burst, does nothing, and refills with time', async () => {
    const personId = await webex.user('hasty', ['FSS']);
    await webex.set({ throttle: { ratePerSecond: 0.1, burst: 2, on: 'writes' } });
    const write = async () =>
      webex.patch({ personId, licenses: [{ id: await webex.license('FTC') }] });
    expect((await write()).status).toBe(200);
    expect((await write()).status).toBe(200);
    await webex.control('DELETE', 'writes');
    const refused = await write();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBe(10);
    expect((await webex.control('GET', 'writes')).list('items')).toEqual([]);
    expect((await webex.get('/v1/licenses')).status).toBe(200);
    await webex.control('POST', 'clock', { advanceMs: 10_000 });
    expect((await write()).status).toBe(200);
  });

  it('locks a token out for a while, and that one alone', async () => {
    await webex.set({ throttle: { ratePerSecond: 0.5, burst: 1, lockoutSeconds: 30 } });
    const statuses = await Promise.all(
      Array.from({ length: 4 }, async () => (await webex.get('/v1/roles')).status),
    );
    expect(statuses).toContain(429);
    await webex.control('POST', 'clock', { advanceMs: 20_000 });
    expect((await webex.get('/v1/roles')).status).toBe(429);
    const other = await webex.control('POST', 'tokens', {});
    const reply = await webex.call('GET', '/v1/roles', undefined, other.text('access_token'));
    expect(reply.status).toBe(200);
    await webex.control('POST', 'clock', { advanceMs: 11_000 });
    expect((await webex.get('/v1/roles')).status).toBe(200);
    await webex.set({ throttle: null });
  });
});

describe('faults', () => {
  let webex: SimulatorCaller;
  let personId: string;
  let count = 0;
  const write = async (operation = 'add') =>
    webex.patch({ personId, licenses: [{ id: await webex.license('MS'), operation }] });
  const holdsMs = async (): Promise<boolean> => {
    const truth = await webex.control('GET', `people/${personId}`);
    return (truth.body as { licenses: string[] }).licenses.includes(await webex.license('MS'));
  };
  const untilHoldsMs = async () => {
    while (!(await holdsMs())) await delay(5);
  };
  const setFaults = (faults: SettingsInput['faults']) => webex.set({ faults });
  const lastWrite = async () => (await webex.control('GET', 'writes')).list('items').at(-1);

  const countedWrites = async () =>
    ((await webex.control('GET', 'counters')).body as { writes: number }).writes;

  beforeAll(async () => {
    webex = await callSimulator();
  });
  beforeEach(async () => {
    await setFaults({});
    personId = await webex.user(`unlucky-${(count += 1)}`, ['FMS', 'FTM', 'FTC', 'FSS']);
  });
  afterAll(() => webex.close());

  it.each<[string, NonNullable<SettingsInput['faults']>, number, boolean]>([
    ['5xx before the work', { error5xxBefore: { ...always, status: 502 } }, 502, false],
    ['5xx after the work', { error5xxAfter: always }, 503, true],
    ['423', { locked423: { ...always, retryAfterSeconds: 3 } }, 423, false],
  ])('%s', async (_name, faults, status, isDone) => {
    await setFaults(faults);
    expect((await write()).status).toBe(status);
    expect(await holdsMs()).toBe(isDone);
    expect(await lastWrite()).toMatchObject({
      toldFailure: true,
      statusTold: status,
      isEffective: isDone,
      faults: Object.keys(faults),
      personId,
    });
  });

  it.each<[string, NonNullable<SettingsInput['faults']>, boolean]>([
    ['before', { resetBefore: always }, false],
    ['after', { resetAfter: always }, true],
  ])('resets the connection %s the work', async (_name, faults, isDone) => {
    await setFaults(faults);
    await expect(write()).rejects.toThrow('fetch failed');
    expect(await holdsMs()).toBe(isDone);
    expect(await lastWrite()).toMatchObject({
      statusTold: null,
      toldFailure: true,
      answeredAt: null,
    });
  });

  it('delays a slow answer, but does the work immediately', async () => {
    await setFaults({ slow: { ...always, minMs: 1_000, maxMs: 1_010 } });
    const answer = write();
    await untilHoldsMs();
    expect(await lastWrite()).toMatchObject({ statusDone: 200, answeredAt: null });
    expect((await answer).status).toBe(200);
    while ((await lastWrite())?.answeredAt === null) await delay(5);
    const { arrivedAt, answeredAt } = (await lastWrite()) as Record<string, string>;
    expect(Date.parse(answeredAt!) - Date.parse(arrivedAt!)).toBeGreaterThanOrEqual(990);
  });

  it('survives a caller who aborts a slow call, and logs that the answer did not arrive', async () => {
    await setFaults({ slow: { ...always, minMs: 1_000, maxMs: 1_000 } });
    const before = await countedWrites();
    const patience = new AbortController();
    const body = JSON.stringify({ personId, licenses: [{ id: await webex.license('MS') }] });
    const given = fetch(`${webex.url}/v1/licenses/users`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${webex.adminToken}`,
        'content-type': 'application/json',
      },
      body,
      signal: patience.signal,
    });
    await Promise.all([
      expect(given).rejects.toThrow(),
      untilHoldsMs().then(() => patience.abort()),
    ]);
    // Calls are counted when their answer is due.
    while ((await countedWrites()) === before) await delay(5);
    expect(await holdsMs()).toBe(true);
    expect(await lastWrite()).toMatchObject({ statusTold: 200, answeredAt: null });
  });

  it('a 200 may keep what was to be removed, and shows it in its body', async () => {
    await write();
    await setFaults({ ineffectiveRemoval200: always });
    const reply = await write('remove');
    expect(reply.status).toBe(200);
    expect(reply.list('licenses')).toContain(await webex.license('MS'));
    expect(await holdsMs()).toBe(true);
    expect(await lastWrite()).toMatchObject({ isEffective: false });
  });

  it('a 206 may do the first half', async () => {
    await setFaults({ half206: always });
    const licenses = [{ id: await webex.license('MS') }, { id: await webex.license('RTT') }];
    const reply = await webex.patch({ personId, licenses });
    expect(reply.status).toBe(206);
    expect(reply.list('licenses')).toContain(licenses[0]!.id);
    expect(reply.list('licenses')).not.toContain(licenses[1]!.id);
  });

  it.each(['half206', 'ineffectiveRemoval200'] as const)(
    'R40 %s makes nobody host and attendee of one site',
    async (fault) => {
      const site = 'aspen.example.webex.com';
      const siteUrls = [{ siteUrl: site, accountType: 'attendee' }];
      expect((await webex.patch({ personId, siteUrls })).status).toBe(200);
      await setFaults({ [fault]: always });
      const reply = await webex.patch({
        personId,
        licenses: [{ id: await webex.license('EE', site) }],
        siteUrls: siteUrls.map((one) => ({ ...one, operation: 'remove' })),
      });
      const shown = reply.list('siteUrls').filter(({ siteUrl }) => siteUrl === site);
      expect(shown).toEqual(fault === 'half206' ? [] : [{ siteUrl: site, accountType: 'host' }]);
    },
  );

  it('strikes as often as its seed says, again and again', async () => {
    const strikes = async (): Promise<number[]> => {
      await setFaults({ error5xxBefore: { probability: 0.4, seed: 5, on: 'reads' } });
      const statuses: number[] = [];
      for (let call = 0; call < 30; call += 1) statuses.push((await webex.get('/v1/roles')).status);
      return statuses;
    };
    const first = await strikes();
    expect(first.filter((status) => status === 503).length).toBeGreaterThan(4);
    expect(first).toContain(200);
    expect(await strikes()).toEqual(first);
  });

  it('leaves reads alone unless told otherwise, and stops after so many times', async () => {
    await setFaults({ error5xxBefore: { ...always, times: 1 } });
    expect((await webex.get('/v1/roles')).status).toBe(200);
    expect((await write()).status).toBe(503);
    expect((await write()).status).toBe(200);
  });

  it('can be meant for one person', async () => {
    const other = await webex.user(`lucky-${count}`, ['FSS']);
    await setFaults({ error5xxBefore: { ...always, personIds: [other] } });
    expect((await write()).status).toBe(200);
    const licenses = [{ id: await webex.license('FTC') }];
    expect((await webex.patch({ personId: other, licenses })).status).toBe(503);
  });
});
