import {
  adds,
  addsAttendee,
  aScriptedWebex,
  broken,
  hangs,
  licenseId,
  personId,
  removes,
  removesAttendee,
  token,
  type Asked,
  type Told,
} from '../../support/scripted-webex';

const site = 'acme.webex.com';
const me = personId(1);
const answered = (licenses: string[], siteUrls: unknown[] = []): Told => ({
  body: { personId: me, licenses, siteUrls },
  headers: { trackingid: 'ROUTERGW_1' },
});

describe('writeUser', () => {
  it('R61 R40 puts every change of a user into one call, the two halves of host together', async () => {
    const { webex, asked, calls } = aScriptedWebex(() => answered([licenseId('EE', site)]));
    const changes = [adds('EE', site), removesAttendee(site), removes('MS')];
    const answer = await webex.writeUser(me, changes);
    expect(calls()).toEqual(['PATCH /v1/licenses/users']);
    expect(asked[0]?.body).toEqual({
      personId: me,
      licenses: [
        { id: licenseId('EE', site), operation: 'add' },
        { id: licenseId('MS'), operation: 'remove' },
      ],
      siteUrls: [{ siteUrl: site, accountType: 'attendee', operation: 'remove' }],
    });
    expect(answer).toEqual({
      status: 200,
      trackingId: 'ROUTERGW_1',
      holdings: { licenses: [licenseId('EE', site)], attendeeSites: [] },
      done: changes,
      refused: [],
      details: [],
    });
  });

  it('R62 sends location and number with the Calling license that comes, and with nothing else', async () => {
    const { webex, asked } = aScriptedWebex(() => answered([licenseId('BCSTD')]));
    const calling = { locationId: 'of Uppsala', phoneNumber: '+99912345678' };
    await webex.writeUser(me, [adds('MS'), { ...adds('BCSTD'), calling }, removes('UCPREM')]);
    expect((asked[0]?.body as { licenses: unknown }).licenses).toEqual([
      { id: licenseId('MS'), operation: 'add' },
      { id: licenseId('BCSTD'), operation: 'add', properties: calling },
      { id: licenseId('UCPREM'), operation: 'remove' },
    ]);
  });

  it('compares a 206 with what was asked', async () => {
    const { webex } = aScriptedWebex(() => ({ ...answered([licenseId('FMS')]), status: 206 }));
    const changes = [adds('FMS'), adds('MS')];
    const answer = await webex.writeUser(me, changes);
    expect(answer).toMatchObject({ status: 206, done: [changes[0]], refused: [changes[1]] });
  });

  it('finds a removal without effect in a 200', async () => {
    const { webex } = aScriptedWebex(() => answered([licenseId('UCPREM')]));
    const answer = await webex.writeUser(me, [removes('UCPREM')]);
    expect(answer).toMatchObject({ status: 200, done: [], refused: [removes('UCPREM')] });
  });

  it('sends nothing in read-only mode', async () => {
    const { webex, asked } = aScriptedWebex(() => answered([]), { readOnly: true });
    await expect(webex.writeUser(me, [adds('MS')])).rejects.toMatchObject({ kind: 'read-only' });
    expect(asked).toEqual([]);
  });

  it.each<[string, (asked: Asked) => Told | Promise<Told>, object]>([
    ['400', () => ({ status: 400 }), { kind: 'rejected', outcomeUnknown: false }],
    ['401', () => ({ status: 401 }), { kind: 'forbidden', outcomeUnknown: false }],
    ['403', () => ({ status: 403 }), { kind: 'forbidden', outcomeUnknown: false }],
    ['404', () => ({ status: 404 }), { kind: 'not-found', outcomeUnknown: false }],
    ['409', () => ({ status: 409 }), { kind: 'rejected', outcomeUnknown: false }],
    ['423', () => ({ status: 423 }), { kind: 'locked', outcomeUnknown: false }],
    ['429', () => ({ status: 429 }), { kind: 'throttled', outcomeUnknown: false }],
    ['500', () => ({ status: 500 }), { kind: 'unavailable', outcomeUnknown: true }],
    ['503', () => ({ status: 503 }), { kind: 'unavailable', outcomeUnknown: true }],
    ['a redirect', () => ({ status: 302 }), { kind: 'rejected', outcomeUnknown: false }],
    ['a time-out', hangs, { kind: 'unavailable', outcomeUnknown: true }],
    ['a reset', () => fail('ECONNRESET'), { kind: 'unavailable', outcomeUnknown: true }],
    [
      'a closed socket',
      () => fail('UND_ERR_SOCKET'),
      { kind: 'unavailable', outcomeUnknown: true },
    ],
    ['no listener', () => fail('ECONNREFUSED'), { kind: 'unavailable', outcomeUnknown: false }],
    ['no such host', () => fail('ENOTFOUND'), { kind: 'unavailable', outcomeUnknown: false }],
    ['a 200 without licenses', () => ({ body: {} }), { kind: 'contract', outcomeUnknown: true }],
    ['a 200 that is HTML', () => ({ body: '<html>' }), { kind: 'contract', outcomeUnknown: true }],
  ])('is sent once, and %s is an error of its kind', async (_, answer, expected) => {
    const { webex, asked } = aScriptedWebex(answer, { timeoutMs: 300 });
    const { outcomeUnknown, ...rest } = expected as { kind: string; outcomeUnknown: boolean };
    const error = await webex.writeUser(me, [adds('MS')]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'WebexError',
      ...rest,
      context: { operation: 'PATCH /licenses/users', outcomeUnknown },
    });
    expect(asked).toHaveLength(1);
    expect((error as Error).message).not.toContain(token);
  });

  it('carries the tracking id in every error, its own where Webex gave none', async () => {
    const { webex } = aScriptedWebex(() => ({
      status: 400,
      headers: { trackingid: 'ROUTERGW_7' },
    }));
    await expect(webex.writeUser(me, [adds('MS')])).rejects.toMatchObject({
      message: expect.stringContaining('ROUTERGW_7'),
      context: { trackingId: 'ROUTERGW_7' },
    });
    const silent = aScriptedWebex(() => fail('ECONNRESET'));
    const error: unknown = await silent.webex.writeUser(me, [adds('MS')]).catch((e: unknown) => e);
    const sent = silent.asked[0]?.headers.get('trackingid');
    expect(sent).toMatch(/^SEATWISE_/);
    expect(error).toMatchObject({ context: { trackingId: sent } });
  });

  it('says in one short line what Webex refused, with its codes', async () => {
    const { webex } = aScriptedWebex(() => ({
      status: 400,
      body: {
        message: 'License prerequisite missing',
        errors: [
          { errorCode: 700003, description: `free messaging\nis mandatory ${'x'.repeat(900)}` },
        ],
        trackingId: 'NA_1',
      },
    }));
    const error = (await webex.writeUser(me, [adds('MS')]).catch((e: unknown) => e)) as Error;
    expect(error).toMatchObject({ context: { codes: [700003], trackingId: 'NA_1' } });
    expect(error.message).toMatch(
      /^PATCH \/licenses\/users: 400 License prerequisite missing \[700003\] free messaging is mand/,
    );
    expect(error.message).not.toContain('\n');
    expect(error.message.length).toBeLessThan(330);
  });

  it('treats a 404 for malformed license ids as a refusal, not as a missing user', async () => {
    const { webex } = aScriptedWebex(() => ({
      status: 404,
      body: { message: 'The requested resource could not be found.', errors: [{ errorCode: 1 }] },
    }));
    const malformed = adds('MS');
    malformed.target = { kind: 'license', licenseId: 'abc', offer: 'MS', site: null };
    await expect(webex.writeUser(me, [malformed])).rejects.toMatchObject({ kind: 'rejected' });
    await expect(webex.writeUser(me, [adds('MS')])).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('treats a 404 for an unknown path as a refusal', async () => {
    const { webex } = aScriptedWebex(() => ({
      status: 404,
      body: { message: 'No static resource hydra/v1/licenses/users' },
    }));
    await expect(webex.writeUser(me, [adds('MS')])).rejects.toMatchObject({ kind: 'rejected' });
  });

  it('refuses an answer about another user', async () => {
    const { webex } = aScriptedWebex(() => ({ body: { personId: personId(2), licenses: [] } }));
    await expect(webex.writeUser(me, [removes('MS')])).rejects.toMatchObject({
      kind: 'contract',
      message: expect.stringContaining('personId'),
      context: { outcomeUnknown: true },
    });
  });

  const minute = 60_000;
  const at = (ms: number) => new Date(1_000_000 + ms).toUTCString();
  it.each<[string | undefined, number | undefined, string | undefined]>([
    ['30', 30_000, undefined],
    ['1.5', 1_500, undefined],
    [at(minute), minute, undefined],
    ['0', undefined, undefined],
    ['-1', undefined, undefined],
    ['1e9', undefined, undefined],
    [at(-minute), undefined, undefined],
    ['soon', undefined, undefined],
    ['', undefined, undefined],
    [undefined, undefined, undefined],
    ['60000', 15 * minute, undefined],
    ['9999999999', 15 * minute, undefined],
    [at(120 * minute), 15 * minute, undefined],
    // By the clock of the answer, however wrong ours is.
    [at(61 * minute), minute, at(60 * minute)],
    [at(59 * minute), undefined, at(60 * minute)],
    [at(minute), minute, 'no date'],
  ])('R98 reads Retry-After %p as %p ms', async (header, retryAfterMs, date) => {
    const headers = {
      ...(header === undefined ? {} : { 'retry-after': header }),
      ...(date === undefined ? {} : { date }),
    };
    const { webex } = aScriptedWebex(() => ({ status: 429, headers }), { now: () => 1_000_000 });
    const error = (await webex.writeUser(me, [adds('MS')]).catch((e: unknown) => e)) as {
      context: { retryAfterMs?: number };
    };
    expect(error.context.retryAfterMs).toBe(retryAfterMs);
  });

  it('R98 believes a longer Retry-After where it is configured', async () => {
    const answer = () => ({ status: 429, headers: { 'retry-after': '60000' } });
    const { webex } = aScriptedWebex(answer, { maxRetryAfterMs: 100_000_000 });
    await expect(webex.writeUser(me, [adds('MS')])).rejects.toMatchObject({
      context: { retryAfterMs: 60_000_000 },
    });
  });

  it('can be cancelled before and while it is sent', async () => {
    const before = aScriptedWebex(() => answered([]));
    const early = before.webex.writeUser(me, [adds('MS')], { signal: AbortSignal.abort() });
    await expect(early).rejects.toMatchObject({ kind: 'aborted' });
    expect(before.asked).toEqual([]);

    const controller = new AbortController();
    const during = aScriptedWebex((asked) => {
      setImmediate(() => controller.abort());
      return hangs(asked);
    });
    const late = during.webex.writeUser(me, [adds('MS')], { signal: controller.signal });
    await expect(late).rejects.toMatchObject({
      kind: 'aborted',
      context: { outcomeUnknown: true },
    });
  });

  it('asks for attendee by site, and judges it by the answer', async () => {
    const { webex, asked } = aScriptedWebex(() =>
      answered([], [{ siteUrl: site, accountType: 'ATTENDEE' }]),
    );
    const answer = await webex.writeUser(me, [addsAttendee(site)]);
    expect(asked[0]?.body).toEqual({
      personId: me,
      siteUrls: [{ siteUrl: site, accountType: 'attendee', operation: 'add' }],
    });
    expect(answer.holdings.attendeeSites).toEqual([site]);
  });
});

function fail(code: string): never {
  throw broken(code);
}
