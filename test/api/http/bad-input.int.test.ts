import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import request from 'supertest';
import type { Fault } from '../../../src/api/http/problem';
import { writeCursor } from '../../../src/api/http/parameters/cursor';
import { openDatabase } from '../../../src/db/connect';
import { startTestApi, tokens, type TestApi } from '../../support/api/test-api';
import { groupIdOf, orgId, orgUuid, seedDirectory, seedRollout } from '../../support/api/seed';

let api: TestApi;
let rolloutId: string;
beforeAll(async () => {
  api = await startTestApi({ bodyLimitBytes: 2_000 });
  await seedDirectory(api.database.db);
  rolloutId = await seedRollout(api.database.db);
});
afterAll(() => api.stop());

const change = { kind: 'remove-services', services: ['calling'], from: { organization: true } };
const template = { kind: 'template', templateId: 'x' };
const sales = `templates/groups/${groupIdOf(1)}`;

describe('a body with faults', () => {
  it.each<[string, 'post' | 'put' | 'patch', string, unknown, [string, string][]]>([
    ['nothing', 'post', 'rollouts', {}, [['/change', 'required']]],
    ['no object', 'post', 'rollouts', [], [['', 'wrong-type']]],
    [
      'an unknown kind',
      'post',
      'rollouts',
      { change: { kind: 'magic' } },
      [['/change/kind', 'invalid-value']],
    ],
    [
      'an unknown field',
      'post',
      'rollouts',
      { change, hurry: true },
      [['/hurry', 'unknown-field']],
    ],
    [
      'an unknown inner field',
      'post',
      'rollouts',
      { change: { ...change, force: 1 } },
      [['/change/force', 'unknown-field']],
    ],
    [
      'no template',
      'post',
      'rollouts',
      { change: { kind: 'template' } },
      [['/change/templateId', 'required']],
    ],
    [
      'revision 0',
      'post',
      'rollouts',
      { change: { ...template, revision: 0 } },
      [['/change/revision', 'out-of-range']],
    ],
    [
      'no services',
      'post',
      'rollouts',
      { change: { ...change, services: [] } },
      [['/change/services', 'out-of-range']],
    ],
    [
      'an unknown service',
      'post',
      'rollouts',
      { change: { ...change, services: ['fax'] } },
      [['/change/services/0', 'invalid-value']],
    ],
    [
      'users who are no list',
      'post',
      'rollouts',
      { change: { ...change, from: { users: 'ada' } } },
      [['/change/from/users', 'wrong-type']],
    ],
    [
      'organization: false',
      'post',
      'rollouts',
      { change: { ...change, from: { organization: false } } },
      [['/change/from/organization', 'invalid-value']],
    ],
    [
      'a text for a flag',
      'post',
      'rollouts',
      { change, existingUsers: 'yes' },
      [['/existingUsers', 'wrong-type']],
    ],
    ['no waves', 'post', 'rollouts', { change, waves: [] }, [['/waves', 'out-of-range']]],
    [
      'a wave of 101 %',
      'post',
      'rollouts',
      { change, waves: [{ size: { percent: 101 } }] },
      [['/waves/0/size/percent', 'out-of-range']],
    ],
    [
      'a negative soak',
      'post',
      'rollouts',
      { change, waves: [{ size: { count: 1 }, soakSeconds: -1 }] },
      [['/waves/0/soakSeconds', 'out-of-range']],
    ],
    [
      'an unknown gate',
      'post',
      'rollouts',
      { change, gates: 'open' },
      [['/gates', 'invalid-value']],
    ],
    [
      'half a removal',
      'post',
      'rollouts',
      { change, guards: { maxRemovals: 0.5 } },
      [['/guards/maxRemovals', 'wrong-type']],
    ],
    [
      'a failure limit of 0 %',
      'post',
      'rollouts',
      { change, guards: { failurePercent: 0 } },
      [['/guards/failurePercent', 'out-of-range']],
    ],
    [
      'several faults',
      'post',
      'rollouts',
      { change, gates: 1, reason: 2, seed: '' },
      [
        ['/gates', 'invalid-value'],
        ['/reason', 'wrong-type'],
        ['/seed', 'out-of-range'],
      ],
    ],
    ['a NUL', 'post', 'rollouts', { change, reason: 'a\u0000b' }, [['/reason', 'invalid-value']]],
    [
      'half a surrogate pair',
      'post',
      'rollouts',
      { change, reason: '\ud800' },
      [['/reason', 'invalid-value']],
    ],
    ['no entitlements', 'put', sales, {}, [['/entitlements', 'required']]],
    [
      'an entitlement without offer',
      'put',
      sales,
      { entitlements: [{ site: 'a.b' }] },
      [['/entitlements/0/offer', 'required']],
    ],
    [
      'an unknown account type',
      'put',
      sales,
      { entitlements: [{ offer: 'EE', accountType: 'guest' }] },
      [['/entitlements/0/accountType', 'invalid-value']],
    ],
    [
      'existing users in a template',
      'put',
      sales,
      { entitlements: [], existingUsers: true },
      [['/existingUsers', 'unknown-field']],
    ],
    [
      'a name of spaces',
      'put',
      sales,
      { entitlements: [], name: '  ' },
      [['/name', 'out-of-range']],
    ],
    [
      'an unknown mode',
      'put',
      'settings',
      { compositionMode: 'mixed' },
      [['/compositionMode', 'invalid-value']],
    ],
    [
      'a date that is none',
      'put',
      'settings',
      { subscriptions: [{ id: 'S', startsOn: 'May' }] },
      [['/subscriptions/0/startsOn', 'invalid-format']],
    ],
    [
      'a subscription twice',
      'put',
      'settings',
      {
        subscriptions: [
          { id: 'S', startsOn: '2024-01-01' },
          { id: 'S', startsOn: '2024-01-02' },
        ],
      },
      [['/subscriptions', 'invalid-value']],
    ],
    [
      'a site that is none',
      'patch',
      'settings',
      { attendeeSites: ['https://a'] },
      [['/attendeeSites/0', 'invalid-format']],
    ],
    [
      'no interval',
      'patch',
      'settings',
      { verification: { intervalsSeconds: [], deadlineSeconds: 1 } },
      [['/verification/intervalsSeconds', 'out-of-range']],
    ],
    [
      'half a schedule',
      'patch',
      'settings',
      { verification: { intervalsSeconds: [1] } },
      [['/verification/deadlineSeconds', 'required']],
    ],
  ])('returns 422 and names each fault: %s', async (_what, method, path, body, expected) => {
    const refused = await api.call(method, path, { body });
    expect([refused.status, refused.body.code]).toEqual([422, 'invalid-request']);
    const errors = refused.body.errors as Fault[];
    expect(errors.map(({ pointer, code }) => [pointer, code]).sort()).toEqual(expected);
  });

  it.each<[string, unknown, [string, string][]]>([
    ['start', {}, [['/digest', 'required']]],
    ['start', { digest: 'x', now: true }, [['/now', 'unknown-field']]],
    ['set-pace', { writesPerSecond: 0 }, [['/writesPerSecond', 'out-of-range']]],
    ['set-pace', { writesPerSecond: '5' }, [['/writesPerSecond', 'wrong-type']]],
    ['pause', { expectedPhaseVersion: 0 }, [['/expectedPhaseVersion', 'out-of-range']]],
    ['abort', { reason: 'x'.repeat(1_001) }, [['/reason', 'out-of-range']]],
  ])('returns 422 and names each fault of %s: %j', async (action, body, expected) => {
    const refused = await api.call('post', `rollouts/${rolloutId}/${action}`, { body });
    expect(refused.status).toBe(422);
    const errors = refused.body.errors as Fault[];
    expect(errors.map(({ pointer, code }) => [pointer, code]).sort()).toEqual(expected);
  });

  it("returns 400 for a body that isn't JSON", async () => {
    const headers = { 'Content-Type': 'application/json' };
    const refused = await api.call('post', 'rollouts', { body: '{"change":', headers });
    expect([refused.status, refused.body.code]).toEqual([400, 'malformed-json']);
  });

  it.each(['gzip', 'deflate', 'br'])(
    'returns 400 for a body that is not compressed with %s as its header says, or is cut',
    async (encoding) => {
      const compress = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync }[encoding]!;
      const whole = compress(JSON.stringify({ change }));
      for (const bytes of [Buffer.from('{"change":1}'), whole.subarray(0, whole.length - 9)]) {
        const sent = request(api.app)
          .post(`/v1/organizations/${orgId}/rollouts`)
          .set({ Authorization: `Bearer ${tokens.admin}`, 'Content-Encoding': encoding });
        sent.type('application/json').serialize((body: unknown) => body as string);
        const refused = await sent.send(bytes as never);
        expect([refused.status, refused.body.code]).toEqual([400, 'malformed-json']);
      }
    },
  );

  it('returns 413 for a body that is too large', async () => {
    const refused = await api.call('post', 'rollouts', { body: { reason: 'x'.repeat(3_000) } });
    expect([refused.status, refused.body.code]).toEqual([413, 'payload-too-large']);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded'])(
    'returns 415 for a body of type %s',
    async (type) => {
      const refused = await api.call('post', 'rollouts', {
        body: 'change=1',
        headers: { 'Content-Type': type },
      });
      expect([refused.status, refused.body.code]).toEqual([415, 'unsupported-media-type']);
    },
  );

  it('may be left out where everything in it is optional', async () => {
    const discarded = await api.call('post', `rollouts/${rolloutId}/discard`);
    expect(discarded.status).toBe(202);
  });
});

describe('a parameter that is wrong', () => {
  it.each([
    ['rollouts?phase=flying', 'phase', 'invalid-value'],
    ['rollouts?limit=0', 'limit', 'out-of-range'],
    ['rollouts?limit=1000000000', 'limit', 'out-of-range'],
    ['rollouts?limit=many', 'limit', 'wrong-type'],
    ['rollouts?limit=1&limit=2', 'limit', 'wrong-type'],
    ['rollouts?templateId=x', 'templateId', 'invalid-format'],
    ['rollouts?createdAfter=yesterday', 'createdAfter', 'invalid-format'],
    ['rollouts?createdAfter=0000-01-01T00:00:00Z', 'createdAfter', 'invalid-value'],
    ['rollouts?createdAfter=0001-01-01T00:00:00%2B14:00', 'createdAfter', 'invalid-value'],
    ['rollouts?createdAfter=9999-12-31T23:59:59-05:00', 'createdAfter', 'invalid-value'],
    [`rollouts?cursor=${'x'.repeat(2_001)}`, 'cursor', 'out-of-range'],
    ['rollouts?phase=' + 'x'.repeat(2_001), 'phase', 'out-of-range'],
    ['rollouts?cursor=nonsense', 'cursor', 'invalid-value'],
    ['rollouts?sort=name', 'sort', 'unknown-field'],
    ['users?q=', 'q', 'out-of-range'],
    ['users?q=%00', 'q', 'invalid-value'],
    ['users?cursor=e30', 'cursor', 'invalid-value'],
    ['groups?limit=-1', 'limit', 'out-of-range'],
    ['templates?x=1', 'x', 'unknown-field'],
    ['audit-events?cursor=W10', 'cursor', 'invalid-value'],
  ])('returns 400 and names it: %s', async (path, parameter, code) => {
    const refused = await api.call('get', path);
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid-parameter']);
    expect(refused.body.errors).toMatchObject([{ parameter, code }]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['rollouts', { createdAt: '0000-06-01T00:00:00Z', rolloutId: orgUuid }],
    ['rollouts', { createdAt: 'now', rolloutId: orgUuid }],
    ['csv-imports', { createdAt: '0000-06-01T00:00:00.000Z', importId: orgUuid }],
    ['users', { id: 'a\u0000b' }],
    ['users', { id: '\ud800' }],
    ['users', { id: 7 }],
    ['groups', { id: '\u0000' }],
    ['audit-events', { id: 1e300 }],
    ['audit-events', { id: -1 }],
    ['rollouts/ROLLOUT/users', { seq: 2_147_483_648 }],
    ['rollouts/ROLLOUT/users', { seq: -1 }],
    ['rollouts/ROLLOUT/users', { seq: 0.5 }],
    ['rollouts/ROLLOUT/feedback', { id: 2 ** 60 }],
  ])('returns 400 for a cursor that the database could not read: %s %j', async (path, position) => {
    const address = path.replace('ROLLOUT', rolloutId);
    const refused = await api.call('get', `${address}?cursor=${writeCursor(position as never)}`);
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid-parameter']);
  });

  it.each(['2026-01-01T00:00:00Z', '2026-01-01T09:00:00+09:00', '0001-01-01T00:00:00Z'])(
    'may be a time with any offset: %s',
    async (time) => {
      const found = await api.call('get', `rollouts?createdAfter=${encodeURIComponent(time)}`);
      expect(found.status).toBe(200);
    },
  );

  it.each([
    ['outcome=lost', 'outcome'],
    ['wave=-1', 'wave'],
    ['changed=maybe', 'changed'],
  ])('returns 400 and names it in the users of a rollout: %s', async (query, parameter) => {
    const refused = await api.call('get', `rollouts/${rolloutId}/users?${query}`);
    expect(refused.status).toBe(400);
    expect(refused.body.errors).toMatchObject([{ parameter }]);
  });

  it.each(['has space', 'x'.repeat(129)])('returns 400 for a malformed key', async (key) => {
    const headers = { 'Idempotency-Key': key };
    const refused = await api.call('post', 'rollouts', { body: { change }, headers });
    expect(refused.status).toBe(400);
    expect(refused.body.errors).toMatchObject([{ parameter: 'Idempotency-Key' }]);
  });
});

describe('an address of nothing', () => {
  const unknown = '00000000-0000-4000-8000-00000000000f';
  it.each([
    '/v1/organizations/nope',
    `/v1/organizations/${unknown}`,
    `/v1/organizations/${unknown}/rollouts`,
    `rollouts/${unknown}`,
    'rollouts/nope',
    `rollouts/${unknown}/users`,
    `rollouts/${unknown}/report.csv`,
    `rollouts/${unknown}/events`,
    `templates/groups/${unknown}`,
    'templates/groups/nope',
    'templates/organization',
    'templates/organization/revisions',
    `users/${unknown}`,
    'users/nobody@acme.example',
    'users/%00',
    '/v1/nothing',
    '/v2/organizations',
    '/nothing',
    '/v1/organizations/%ff',
  ])('returns 404: %s', async (path) => {
    const missing = await api.call('get', path);
    expect([missing.status, missing.body.code]).toEqual([404, 'not-found']);
    expect(missing.get('Content-Type')).toMatch(/^application\/problem\+json/);
  });

  it('returns 404 for actions', async () => {
    const missing = await api.call('post', `rollouts/${unknown}/pause`);
    expect(missing.status).toBe(404);
  });
});

describe('a method that an address does not support', () => {
  it.each([
    ['delete', 'rollouts', 'GET, POST, HEAD'],
    ['post', 'settings', 'GET, PUT, PATCH, HEAD'],
    ['get', 'observe', 'POST'],
    ['put', `rollouts/${'0'.repeat(8)}`, 'GET, HEAD'],
    ['post', '/v1/organizations', 'GET, HEAD'],
    ['delete', '/livez', 'GET, HEAD'],
    ['post', '/openapi.json', 'GET, HEAD'],
  ] as const)('returns 405 with Allow: %s %s', async (method, path, allow) => {
    const refused = await api.call(method, path);
    expect([refused.status, refused.body.code]).toEqual([405, 'method-not-allowed']);
    expect(new Set(refused.get('Allow')?.split(', '))).toEqual(new Set(allow.split(', ')));
  });
});

describe('a failure of ours', () => {
  it('says nothing but which request it was', async () => {
    jest.spyOn(api.jobs, 'progress').mockRejectedValueOnce(new Error('secret detail'));
    const failed = await api.call('get', `rollouts/${rolloutId}/progress`);
    expect([failed.status, failed.body.code]).toEqual([500, 'internal']);
    expect(failed.text).not.toMatch(/secret|at .*\.ts/);
    expect(failed.body.requestId).toEqual(expect.any(String));
  });

  it('is a 503 where the database cannot be reached', async () => {
    const db = openDatabase('postgres://nobody@127.0.0.1:1/none');
    const away = await startTestApi({ db });
    const answer = await away.call('get', `/v1/organizations/${orgId}`);
    expect([answer.status, answer.body.code]).toEqual([503, 'database-unavailable']);
    expect(answer.get('Retry-After')).toBe('5');
    await db.$client.end();
    await away.stop();
  });
});
