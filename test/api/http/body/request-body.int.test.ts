import request from 'supertest';
import { orgId, seedDirectory } from '../../../support/api/seed';
import { startTestApi, tokens, type TestApi } from '../../../support/api/test-api';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedDirectory(api.database.db);
});
afterAll(() => api.stop());

const address = `/v1/organizations/${orgId}`;

function sent(
  method: 'put' | 'patch' | 'delete' | 'get',
  path: string,
  bytes: Buffer,
  headers: Record<string, string> = {},
) {
  return request(api.app)
    [method](`${address}/${path}`)
    .set({
      Authorization: `Bearer ${tokens.admin}`,
      'Content-Type': 'application/json',
      ...headers,
    })
    .serialize((raw: unknown) => raw as string)
    .send(bytes);
}

describe('the bytes of a body', () => {
  it.each([
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 400, 'malformed-json'],
    ['half a document', Buffer.from('{"entitlements":'), 400, 'malformed-json'],
    ['null', Buffer.from('null'), 422, 'invalid-request'],
  ])('%s are refused', async (_, bytes, status, code) => {
    const refused = await sent('put', 'templates/organization', bytes);
    expect(refused.status).toBe(status);
    expect(refused.body.code).toBe(code);
  });

  it.each([
    ['patch', 'settings', 300_000, 422],
    ['patch', 'settings', 5_000_000, 413],
    ['put', 'templates/organization', 200_000, 422],
    ['put', 'templates/organization', 300_000, 413],
  ] as const)('have a limit: %s %s of %d: %d', async (method, path, length, status) => {
    const bytes = Buffer.from(JSON.stringify({ unknown: 'x'.repeat(length) }));
    expect((await sent(method, path, bytes)).status).toBe(status);
  });

  it('of more fields than any valid body has are refused before they are parsed', async () => {
    const parsed = jest.spyOn(JSON, 'parse');
    const fields = Array.from({ length: 20_000 }, (_, n) => `"k${n}":1`).join(',');
    const refused = await sent('patch', 'settings', Buffer.from(`{${fields}}`));
    const isParsed = parsed.mock.calls.some(([text]) => text.includes('k19999'));
    parsed.mockRestore();
    expect([refused.status, refused.body.code, isParsed]).toEqual([422, 'invalid-request', false]);
    expect(refused.body.errors).toMatchObject([
      { pointer: '', detail: 'A body can have at most 10,000 fields.' },
    ]);
  });

  it('may begin with a byte-order mark', async () => {
    const bytes = Buffer.from('\ufeff{"name":"x","entitlements":[]}');
    expect((await sent('put', 'templates/organization', bytes)).status).toBe(201);
  });

  it('another charset than UTF-8 is refused', async () => {
    const bytes = Buffer.from('{"entitlements":[]}', 'utf16le');
    const type = { 'Content-Type': 'application/json; charset=utf-16' };
    const refused = await sent('put', 'templates/organization', bytes, type);
    expect(refused.body).toMatchObject({
      code: 'unsupported-media-type',
      detail: 'The charset "utf-16" is not supported: send UTF-8.',
    });
  });

  it.each(['patch', 'put'] as const)('%s of nothing at all is not {}', async (method) => {
    const refused = await sent(method, 'settings', Buffer.alloc(0), { 'Content-Length': '0' });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([{ pointer: '', code: 'required' }]);
    const { body } = await api.call('get', 'settings');
    expect(body.version).toBe(0);
  });

  it('R30 a delete with a body, which it would not obey, deletes nothing', async () => {
    await api.call('put', 'templates/organization', { body: { entitlements: [] } });
    const bytes = Buffer.from('{"preserve":false}');
    const refused = await sent('delete', 'templates/organization', bytes);
    expect(refused.status).toBe(400);
    expect(refused.body.code).toBe('unexpected-body');
    expect((await api.call('get', 'templates/organization')).status).toBe(200);
  });
});

describe('a whole number in a query', () => {
  it.each(['0', '1e1', '0x10', '', ' 5', '5.5', '-1', '1001', 'ten'])(
    'limit=%s is refused',
    async (limit) => {
      const refused = await api.call('get', `users?limit=${encodeURIComponent(limit)}`);
      expect(refused.status).toBe(400);
      expect(refused.body.errors).toMatchObject([{ parameter: 'limit' }]);
    },
  );
});
