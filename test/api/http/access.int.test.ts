import { randomUUID } from 'node:crypto';
import { endpoints } from '../../../src/api/endpoints';
import { createLogger } from '../../../src/logger';
import { type Role, roles } from '../../../src/roles';
import { mintToken, tokensOf } from '../../../src/api/http/callers/tokens';
import { startTestApi, type TestApi } from '../../support/api/test-api';
import { groupIdOf, orgId, seedDirectory } from '../../support/api/seed';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedDirectory(api.database.db);
});
afterAll(() => api.stop());

const closed = endpoints.filter(({ role }) => role !== null);

function addressOf(path: string): string {
  return path
    .replace('{orgId}', orgId)
    .replace('{groupId}', groupIdOf(1))
    .replace('{rolloutId}', randomUUID())
    .replace('{userId}', randomUUID());
}

describe('without a valid token', () => {
  it.each(closed.map(({ method, path }) => [method, path] as const))(
    '%s %s returns 401 and how to authenticate',
    async (method, path) => {
      const refused = await api.call(method, addressOf(path), { as: null });
      expect([refused.status, refused.body.code]).toEqual([401, 'unauthenticated']);
      expect(refused.get('WWW-Authenticate')).toMatch(/^Bearer realm=/);
    },
  );

  it.each(['Bearer wrong', 'Basic YTpi', 'Bearer', 'viewer-token'])(
    '"%s" is refused',
    async (header) => {
      const headers = { Authorization: header };
      const refused = await api.call('get', 'templates', { as: null, headers });
      expect(refused.status).toBe(401);
    },
  );
});

describe('with a role that is not enough', () => {
  const cases = closed.flatMap(({ method, path, role }) =>
    roles
      .slice(0, role === null ? 0 : roles.indexOf(role))
      .map((held): [Role, string, string, Role | null] => [held, method, path, role]),
  );
  it.each(cases)('a %s gets a 403 for %s %s that names %s', async (held, method, path, needed) => {
    const refused = await api.call(method as 'get', addressOf(path), { as: held });
    expect([refused.status, refused.body.requiredRole]).toEqual([403, needed]);
  });

  it('only an approver promotes, only an admin saves templates and settings', () => {
    const roleOf = (path: string, method: string) =>
      endpoints.find((one) => one.path.endsWith(path) && one.method === method)?.role;
    expect(roleOf('/promote', 'post')).toBe('approver');
    expect(roleOf('/start', 'post')).toBe('operator');
    expect(roleOf('/templates/organization', 'put')).toBe('admin');
    expect(roleOf('/settings', 'put')).toBe('admin');
    expect(roleOf('/report.csv', 'get')).toBe('viewer');
  });
});

describe('a minted token', () => {
  it('opens the API by its hash line alone', async () => {
    const { token, hashLine } = mintToken('ci', 'viewer');
    const [hash = '', name = '', role = ''] = hashLine.split(':');
    expect(hashLine).not.toContain(token);
    const other = await startTestApi({ tokens: tokensOf([{ hash, name, role: role as Role }]) });
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await other.call('get', '/v1/organizations', { as: null, headers });
    expect(answer.status).toBe(200);
    await other.stop();
  });
});

describe('the log of the API', () => {
  it('says at info who was refused, by the name of the token, and never the token', async () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const logged = await startTestApi({
      logger: createLogger({ name: 'test', level: 'info', destination }),
    });
    await seedDirectory(logged.database.db);
    await logged.call('put', 'settings', { as: 'viewer', body: {} });
    const headers = { Authorization: 'Bearer made-up-token' };
    await logged.call('get', 'settings', { as: null, headers });
    await logged.call('get', 'settings', { as: 'viewer' });
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries).toMatchObject([
      { level: 30, caller: expect.stringMatching(/^viewer-/) as string, res: { statusCode: 403 } },
      { level: 30, res: { statusCode: 401 } },
    ]);
    expect(entries[1]).not.toHaveProperty('caller');
    expect(lines.join()).not.toMatch(/made-up-token|viewer-token/);
    await logged.stop();
  });
});
