import { createWebex, type WebexOptions } from '../../../src/webex/create-webex';
import type { CredentialStore, StoredCredential } from '../../../src/webex/port/credential';
import {
  asOrganization,
  aScriptedWebex,
  hangs,
  licenseId,
  type Asked,
  type Told,
} from '../../support/scripted-webex';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const start = Date.parse('2026-03-01T00:00:00Z');

/** A Webex that gives out access-1, access-2 … and accepts only the newest. */
function tokenServer(options: { lifeSeconds?: number; refreshLifeSeconds?: number } = {}) {
  const state = {
    issued: 0,
    accepts: '',
    refusesRefresh: false,
    fails: false,
    refreshedWith: [''],
  };
  state.refreshedWith = [];
  const answer = (asked: Asked): Told => {
    if (asked.path === '/v1/access_token') {
      if (state.fails) return { status: 503 };
      if (state.refusesRefresh) return { status: 400, body: { message: 'invalid refresh token' } };
      state.refreshedWith.push((asked.body as { refresh_token: string }).refresh_token);
      state.issued += 1;
      state.accepts = `access-${state.issued}`;
      return {
        body: {
          access_token: state.accepts,
          expires_in: options.lifeSeconds ?? 14 * 86_400,
          refresh_token: `refresh-${state.issued}`,
          refresh_token_expires_in: options.refreshLifeSeconds ?? 90 * 86_400,
          scope: 'spark-admin:licenses_read identity:groups_rw',
        },
      };
    }
    const isAccepted = asked.headers.get('authorization') === `Bearer ${state.accepts}`;
    if (!isAccepted) return { status: 401, body: { message: 'invalid token' } };
    return asOrganization(asked) ?? { body: { items: [{ id: licenseId('FMS'), name: 'x' }] } };
  };
  return { state, answer };
}

/** What workers share. */
function memoryStore(): CredentialStore & { kept: StoredCredential | null } {
  let turn: Promise<unknown> = Promise.resolve();
  const store: CredentialStore & { kept: StoredCredential | null } = {
    kept: null,
    load: () => Promise.resolve(store.kept),
    update: (renew) => {
      const mine = turn.then(async () => (store.kept = await renew(store.kept)));
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
  return store;
}

function aWorker(
  answer: (asked: Asked) => Told | Promise<Told>,
  clock: { now: number },
  options: Partial<WebexOptions> & { store?: CredentialStore } = {},
) {
  const { store, ...rest } = options;
  return aScriptedWebex(answer, {
    credential: {
      kind: 'refresh',
      clientId: 'client',
      clientSecret: 'client-secret',
      refreshToken: 'configured',
      ...(store ? { store } : {}),
    },
    now: () => clock.now,
    ...rest,
  });
}

describe('a refreshing credential', () => {
  it('gets a token before the first call, with the configured refresh token', async () => {
    const { state, answer } = tokenServer();
    const { webex, asked } = aWorker(answer, { now: start });
    await webex.listLicenses();
    expect(state.refreshedWith).toEqual(['configured']);
    expect(asked[0]).toMatchObject({
      method: 'POST',
      path: '/v1/access_token',
      body: { grant_type: 'refresh_token', client_id: 'client', client_secret: 'client-secret' },
    });
    expect(asked[0]?.headers.has('authorization')).toBe(false);
  });

  it('refreshes once for many calls at a time', async () => {
    const { state, answer } = tokenServer();
    const { webex } = aWorker(answer, { now: start });
    await Promise.all(Array.from({ length: 20 }, () => webex.listLicenses()));
    expect(state.issued).toBe(1);
  });

  it.each([
    [14 * 86_400, 12.9 * dayMs, 1],
    [14 * 86_400, 13.1 * dayMs, 2],
    [3600, 0.89 * hourMs, 1],
    [3600, 0.91 * hourMs, 2],
  ])('of %i s life, %i ms old, has been refreshed %i times', async (lifeSeconds, ageMs, times) => {
    const { state, answer } = tokenServer({ lifeSeconds });
    const clock = { now: start };
    const { webex } = aWorker(answer, clock);
    await webex.listLicenses();
    clock.now += ageMs;
    await webex.listLicenses();
    expect(state.issued).toBe(times);
    expect(state.refreshedWith).toEqual(['configured', 'refresh-1'].slice(0, times));
  });

  it('refreshes after a 401 and repeats the call once', async () => {
    const { state, answer } = tokenServer();
    const { webex, calls } = aWorker(answer, { now: start });
    await webex.listLicenses();
    state.accepts = 'revoked';
    await webex.listLicenses();
    expect(calls().slice(-3)).toEqual([
      'GET /v1/licenses',
      'POST /v1/access_token',
      'GET /v1/licenses',
    ]);
  });

  it('is forbidden when the new token is refused as well', async () => {
    const { answer } = tokenServer();
    const { webex, calls } = aWorker(
      (asked) => (asked.path === '/v1/access_token' ? answer(asked) : { status: 401 }),
      { now: start },
      { readRetryMs: 0 },
    );
    await expect(webex.listLicenses()).rejects.toMatchObject({ kind: 'forbidden' });
    expect(calls().filter((call) => call.startsWith('GET'))).toHaveLength(2);
  });

  it('is forbidden when the refresh token is refused', async () => {
    const { state, answer } = tokenServer();
    state.refusesRefresh = true;
    const { webex } = aWorker(answer, { now: start }, { readRetryMs: 0 });
    await expect(webex.listLicenses()).rejects.toMatchObject({
      kind: 'forbidden',
      context: { operation: 'POST /access_token' },
    });
  });

  it('uses the old token while an early refresh fails', async () => {
    const { state, answer } = tokenServer();
    const clock = { now: start };
    const { webex, calls } = aWorker(answer, clock);
    await webex.listLicenses();
    state.fails = true;
    clock.now += 13.5 * dayMs;
    await webex.listLicenses();
    await webex.listLicenses();
    expect(calls().filter((call) => call.startsWith('POST'))).toHaveLength(2);
    state.fails = false;
    clock.now += 61_000;
    await webex.listLicenses();
    expect(state.issued).toBe(2);
  });

  it('sends no write while there is no token', async () => {
    const { state, answer } = tokenServer();
    state.fails = true;
    const { webex, calls } = aWorker(answer, { now: start });
    const write = webex.writeUser('x', []);
    await expect(write).rejects.toMatchObject({
      kind: 'unavailable',
      context: { outcomeUnknown: false },
    });
    expect(calls()).toEqual(['POST /v1/access_token']);
  });
});

describe('a token that is slow to come', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** The token takes 60 ms, and no write is ever answered. */
  function aSlowWebex(timeoutMs: number) {
    const { answer } = tokenServer();
    const slowly = async (asked: Asked) => {
      if (asked.method === 'PATCH') return await hangs(asked);
      await new Promise((resolve) => setTimeout(resolve, 60));
      return answer(asked);
    };
    return aWorker(slowly, { now: start }, { timeoutMs });
  }

  it.each([
    [30, 'never sends a write that would be late', false],
    [80, 'leaves the rest of the time to the write', true],
  ])('with %i ms for all %s', async (timeoutMs, _, isSent) => {
    const { webex, calls } = aSlowWebex(timeoutMs);
    const failures: unknown[] = [];
    const ended = webex.writeUser('x', []).catch((error: unknown) => failures.push(error));
    await jest.advanceTimersByTimeAsync(timeoutMs - 1);
    expect(failures).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(failures).toMatchObject([{ kind: 'unavailable', context: { outcomeUnknown: isSent } }]);
    await ended;
    // The token that is still under way starts no write, however late it comes.
    await jest.advanceTimersByTimeAsync(500);
    const sent = isSent ? ['PATCH /v1/licenses/users'] : [];
    expect(calls()).toEqual(['POST /v1/access_token', ...sent]);
  });
});

describe('a refreshing credential shared by workers', () => {
  it('uses what another worker refreshed: at first use, near expiry and after a 401', async () => {
    const { state, answer } = tokenServer();
    const clock = { now: start };
    const store = memoryStore();
    const one = aWorker(answer, clock, { store });
    const two = aWorker(answer, clock, { store });
    await one.webex.listLicenses();
    await two.webex.listLicenses();
    expect(state.issued).toBe(1);
    clock.now += 13.5 * dayMs;
    await Promise.all([one.webex.listLicenses(), two.webex.listLicenses()]);
    expect(state.issued).toBe(2);
    state.accepts = 'revoked';
    await one.webex.listLicenses();
    await two.webex.listLicenses();
    expect(state.issued).toBe(3);
    expect(state.refreshedWith).toEqual(['configured', 'refresh-1', 'refresh-2']);
  });

  it('continues with the tokens that an earlier process stored', async () => {
    const { state, answer } = tokenServer();
    const store = memoryStore();
    await aWorker(answer, { now: start }, { store }).webex.listLicenses();
    await aWorker(answer, { now: start + 20 * dayMs }, { store }).webex.listLicenses();
    expect(state.refreshedWith).toEqual(['configured', 'refresh-1']);
  });

  it('uses a token that could not be stored, and fails if the store cannot be read', async () => {
    const { answer } = tokenServer();
    const broken: CredentialStore = {
      load: () => Promise.reject(new Error('no database')),
      update: async (renew) => {
        await renew(null);
        throw new Error('no database');
      },
    };
    const { webex } = aWorker(answer, { now: start }, { store: broken });
    expect(await webex.listLicenses()).toHaveLength(1);

    const unreadable: CredentialStore = {
      load: () => Promise.reject(new Error('no database')),
      update: () => Promise.reject(new Error('no database')),
    };
    const other = aWorker(answer, { now: start }, { store: unreadable, readRetryMs: 0 });
    await expect(other.webex.listLicenses()).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('no database'),
    });
  });
});

describe('the end of the refresh token', () => {
  it.each([
    [13, 1],
    [15, 0],
  ])('%i days away is warned of %i times a day, and reported', async (days, times) => {
    const { answer } = tokenServer({ refreshLifeSeconds: days * 86_400 });
    const warnings: string[] = [];
    const logger = {
      debug: () => undefined,
      info: () => undefined,
      warn: (_: unknown, message: string) => warnings.push(message),
    };
    const { webex } = aWorker(answer, { now: start }, { logger });
    const report = await webex.checkCredential();
    await webex.listLicenses();
    expect(warnings.filter((line) => line.includes('refresh token expires soon'))).toHaveLength(
      times,
    );
    expect(report.refreshExpiresAt).toEqual(new Date(start + days * dayMs));
    expect(report.accessExpiresAt).toEqual(new Date(start + 14 * dayMs));
  });

  it('is unknown for a fixed token', async () => {
    const { webex } = aScriptedWebex(
      (asked) => asOrganization(asked) ?? { body: { items: [], groups: [] } },
    );
    expect(await webex.checkCredential()).toMatchObject({
      accessExpiresAt: null,
      refreshExpiresAt: null,
    });
  });
});

describe('createWebex', () => {
  it('opens nothing automatically', () => {
    let calls = 0;
    const fetch = () => Promise.reject(new Error(`call ${(calls += 1)}`));
    createWebex({
      baseUrl: 'https://webexapis.com',
      credential: { kind: 'token', accessToken: 'x' },
      readOnly: true,
      userAgent: 'seatwise/test',
      fetch,
    });
    expect(calls).toBe(0);
  });

  it.each([
    ['https://webex.example', '/v1/licenses'],
    ['https://webex.example/', '/v1/licenses'],
    ['https://webex.example/v1', '/v1/licenses'],
    ['https://webex.example/gateway/v1/', '/gateway/v1/licenses'],
  ])('finds Webex under %s', async (baseUrl, path) => {
    const body = { items: [{ id: licenseId('FMS') }] };
    const { webex, asked } = aScriptedWebex(() => ({ body }), { baseUrl });
    await webex.listLicenses();
    expect(asked[0]?.path).toBe(path);
  });
});
