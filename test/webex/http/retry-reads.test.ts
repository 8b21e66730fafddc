import {
  all,
  asOrganization,
  aScriptedWebex,
  broken,
  hangs,
  licenseId,
  personId,
  type Asked,
  type Told,
} from '../../support/scripted-webex';
import { settled } from '../../support/settled';

const licenses: Told = { body: { items: [{ id: licenseId('FMS'), name: 'x' }] } };
/** The given answers in turn, and then the licenses. */
const inTurn =
  (...answers: ((asked: Asked) => Told | Promise<Told>)[]) =>
  (asked: Asked, n: number) =>
    asOrganization(asked) ?? answers[n - 1]?.(asked) ?? licenses;
const failing = (code: string) => (): never => {
  throw broken(code);
};

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** The instants of the calls, in the time of the test, as milliseconds after the first. */
function askedAfter(instants: readonly number[]): number[] {
  return instants.map((instant) => instant - instants[0]!);
}

/** A Webex that notes when it was asked. */
function aTimedWebex(
  answer: (asked: Asked, n: number) => Told | Promise<Told>,
  readRetryMs?: number,
) {
  const instants: number[] = [];
  const { webex } = aScriptedWebex(
    (asked, n) => {
      instants.push(Date.now());
      return answer(asked, n);
    },
    readRetryMs === undefined ? {} : { readRetryMs },
  );
  return { webex, instants };
}

describe('reads', () => {
  it.each<[string, (asked: Asked) => Told | Promise<Told>]>([
    ['429', () => ({ status: 429 })],
    ['423', () => ({ status: 423 })],
    ['500', () => ({ status: 500 })],
    ['502 with HTML', () => ({ status: 502, body: '<html>' })],
    ['a reset', failing('ECONNRESET')],
    ['no listener', failing('ECONNREFUSED')],
    ['a time-out', hangs],
  ])('are repeated after %s', async (_, failure) => {
    const { webex, asked } = aScriptedWebex(inTurn(failure, failure));
    const read = webex.listLicenses();
    await settled(read).catch(() => undefined);
    expect(await read).toHaveLength(1);
    expect(asked).toHaveLength(3);
  });

  it.each([400, 404, 405, 410])('are not repeated after %i', async (status) => {
    const { webex, asked } = aScriptedWebex(() => ({ status }));
    await expect(webex.listLicenses()).rejects.toMatchObject({ name: 'WebexError' });
    expect(asked).toHaveLength(1);
  });

  it.each([401, 403])('R87 are repeated after %i for 15 s before it counts', async (status) => {
    const { webex, instants } = aTimedWebex(() => ({ status }));
    const read = webex.listLicenses();
    const expectation = expect(read).rejects.toMatchObject({ kind: 'forbidden' });
    await settled(read).catch(() => undefined);
    await expectation;
    expect(askedAfter(instants)).toEqual([0, 250, 750, 1_750, 3_750, 7_750, 15_250]);
  });

  it.each([
    ['401 for ten seconds', { status: 401 }, 10_000],
    ['403 once', { status: 403 }, 1],
    ['a page of HTML with 200', { body: '<html>' }, 1],
    ['an answer without its list', { body: {} }, 1],
    ['an answer that is cut', { body: '{"items": [{"id"' }, 1],
  ])('R87 survive %s', async (_, told, forMs) => {
    const startedAt = Date.now();
    const { webex } = aScriptedWebex(() => (Date.now() < startedAt + forMs ? told : licenses));
    const read = webex.listLicenses();
    await settled(read).catch(() => undefined);
    expect(await read).toHaveLength(1);
  });

  it('R87 refuse an answer that stays unreadable, as incomplete', async () => {
    const { webex } = aScriptedWebex(() => ({ body: '<html>' }));
    const read = webex.listLicenses();
    const expectation = expect(read).rejects.toMatchObject({
      kind: 'incomplete',
      retryable: true,
      context: { came: { list: 'licenses', shown: 0, promised: null } },
    });
    await settled(read).catch(() => undefined);
    await expectation;
  });

  it('R87 repeat a refusal of what not every token may read, once it was allowed', async () => {
    let isAllowed = false;
    const { webex, asked } = aScriptedWebex((call) => {
      if (call.path.startsWith('/identity/')) {
        return isAllowed ? { body: { totalResults: 7, Resources: [] } } : { status: 403 };
      }
      return asOrganization(call) ?? licenses;
    });
    const promised = async () => {
      const read = webex.promisedPeople([]);
      await settled(read).catch(() => undefined);
      return read;
    };
    expect(await promised()).toEqual({ people: null, source: null });
    expect(asked.filter(({ path }) => path.startsWith('/identity/'))).toHaveLength(1);
    isAllowed = true;
    expect(await promised()).toEqual({ people: 7, source: 'scim' });
    isAllowed = false;
    setTimeout(() => (isAllowed = true), 1_000);
    expect(await promised()).toEqual({ people: 7, source: 'scim' });
  });

  it('wait as long as Retry-After asks for', async () => {
    const headers = { 'retry-after': '20' };
    const { webex, instants } = aTimedWebex(inTurn(() => ({ status: 429, headers })));
    await settled(webex.listLicenses());
    expect(askedAfter(instants)).toEqual([0, 20_000]);
  });

  it('double their delays otherwise', async () => {
    const { webex, instants } = aTimedWebex(
      inTurn(...Array.from({ length: 4 }, () => failing('ECONNRESET'))),
    );
    await settled(webex.listLicenses());
    expect(askedAfter(instants)).toEqual([0, 250, 750, 1_750, 3_750]);
  });

  it('end with the error when the time is over', async () => {
    const { webex, instants } = aTimedWebex(failing('ECONNRESET'), 10_000);
    const read = webex.listLicenses();
    const expectation = expect(read).rejects.toMatchObject({ kind: 'unavailable' });
    await settled(read).catch(() => undefined);
    await expectation;
    // The next wait would end more than 10 s after the first call.
    expect(askedAfter(instants)).toEqual([0, 250, 750, 1_750, 3_750, 7_750]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('fail at once when Webex asks for a longer wait than there is time, and say how long', async () => {
    const headers = { 'retry-after': '300' };
    const { webex, asked } = aScriptedWebex(() => ({ status: 429, headers }));
    await expect(webex.listLicenses()).rejects.toMatchObject({
      kind: 'throttled',
      context: { retryAfterMs: 300_000 },
    });
    expect(asked).toHaveLength(1);
  });

  it('stop waiting when they are cancelled', async () => {
    const controller = new AbortController();
    const { webex } = aScriptedWebex(failing('ECONNRESET'));
    const read = webex.listLicenses({ signal: controller.signal });
    const expectation = expect(read).rejects.toMatchObject({ kind: 'aborted' });
    await jest.advanceTimersByTimeAsync(100);
    controller.abort();
    await expectation;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('ask for smaller pages when a page is too much for Webex', async () => {
    const overloaded = (asked: Asked): Told => {
      if (Number(asked.query.get('max')) > 300) return { status: 504 };
      return asOrganization(asked) ?? { body: { items: [{ id: personId(1), licenses: [] }] } };
    };
    const { webex, asked } = aScriptedWebex(overloaded);
    await settled(all(webex.listPeople()));
    const sizes = asked.filter(({ path }) => path === '/v1/people');
    expect(sizes.map(({ query }) => query.get('max'))).toEqual(['1000', '500', '250']);
  });

  it('report progress before each wait', async () => {
    const signs: number[] = [];
    const { webex } = aScriptedWebex(inTurn(failing('ECONNRESET'), failing('ECONNRESET')));
    await settled(webex.listLicenses({ onPage: (read) => signs.push(read) }));
    expect(signs).toEqual([0, 0]);
  });
});
