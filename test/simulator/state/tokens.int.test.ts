import { callSimulator, type SimulatorCaller } from '../../support/simulator-caller';

const day = 86_400_000;

describe('tokens', () => {
  let webex: SimulatorCaller;
  beforeAll(async () => {
    webex = await callSimulator();
  });
  afterAll(() => webex.close());

  const mint = async (wish: object) => webex.control('POST', 'tokens', wish);
  const refresh = async (body: Record<string, string>) => {
    const response = await fetch(`${webex.url}/v1/access_token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token', ...body }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const client = { client_id: 'id', client_secret: 'secret' };

  it('answers 401 without a living token', async () => {
    for (const token of [
      '',
      'unknown',
      (await mint({ expiresInSeconds: -1 })).text('access_token'),
    ]) {
      const reply = await webex.call('GET', '/v1/people', undefined, token);
      expect(reply.status).toBe(401);
      expect(reply.text('message')).toBe(
        'The request requires a valid access token set in the Authorization request header.',
      );
    }
  });

  it.each([
    ['GET', '/v1/licenses', 'spark-admin:licenses_read'],
    ['GET', '/v1/people', 'spark-admin:people_read'],
    ['PATCH', '/v1/licenses/users', 'spark-admin:people_write'],
    ['GET', '/v1/groups', 'identity:groups_read'],
    ['POST', '/v1/groups', 'identity:groups_rw'],
    ['GET', '/v1/roles', 'spark-admin:roles_read'],
    ['GET', '/v1/locations', 'spark-admin:locations_read'],
  ])('%s %s needs %s', async (method, path, scope) => {
    const body = method === 'GET' ? undefined : {};
    const without = await mint({ scopes: ['spark:kms'] });
    const refused = await webex.call(method, path, body, without.text('access_token'));
    expect(refused.status).toBe(403);
    expect(refused.text('message')).toContain('missing required scopes');
    const holding = await mint({ scopes: [scope] });
    const taken = await webex.call(method, path, body, holding.text('access_token'));
    expect([200, 400]).toContain(taken.status);
  });

  it('issues new access tokens for a refresh token, and renews its 90 days', async () => {
    const minted = await mint({
      scopes: ['spark-admin:roles_read'],
      refresh: { clientId: 'id', clientSecret: 'secret' },
    });
    const refreshToken = minted.text('refresh_token');
    await webex.control('POST', 'clock', { advanceMs: 15 * day });
    const old = await webex.call('GET', '/v1/roles', undefined, minted.text('access_token'));
    expect(old.status).toBe(401);
    const fresh = await refresh({ ...client, refresh_token: refreshToken });
    expect(fresh.body).toMatchObject({
      expires_in: 1_209_600,
      refresh_token: refreshToken,
      refresh_token_expires_in: 7_776_000,
      token_type: 'Bearer',
      scope: 'spark-admin:roles_read',
    });
    const token = String(fresh.body.access_token);
    expect((await webex.call('GET', '/v1/roles', undefined, token)).status).toBe(200);
    await webex.control('POST', 'clock', { advanceMs: 80 * day });
    expect((await refresh({ ...client, refresh_token: refreshToken })).status).toBe(200);
    await webex.control('POST', 'clock', { advanceMs: 91 * day });
    expect((await refresh({ ...client, refresh_token: refreshToken })).status).toBe(400);
  });

  it('refuses other clients, unknown refresh tokens and other grants', async () => {
    const minted = await mint({ refresh: { clientId: 'id', clientSecret: 'secret' } });
    const token = { refresh_token: minted.text('refresh_token') };
    expect((await refresh({ ...client, ...token, client_secret: 'wrong' })).status).toBe(401);
    expect((await refresh({ ...client, refresh_token: 'unknown' })).status).toBe(400);
    expect((await refresh({ ...token })).status).toBe(400);
    expect((await refresh({ ...client, ...token, grant_type: 'password' })).status).toBe(400);
  });

  it('makes tokens of a service app, which has no people/me', async () => {
    const orgId = (await webex.get('/v1/organizations')).text('items.0.id');
    const body = { clientId: 'a', clientSecret: 'b', targetOrgId: orgId };
    const reply = await webex.call('POST', '/v1/applications/app/token', body);
    const token = reply.text('access_token');
    expect((await webex.call('GET', '/v1/people/me', undefined, token)).status).toBe(404);
    expect((await webex.call('GET', '/v1/licenses', undefined, token)).status).toBe(200);
    expect((await webex.get('/v1/people/me')).body).toHaveProperty('roles');
    const again = await refresh({
      client_id: 'a',
      client_secret: 'b',
      refresh_token: reply.text('refresh_token'),
    });
    expect(again.status).toBe(200);
    const log = await webex.control('GET', 'writes');
    expect(JSON.stringify(log.body)).not.toContain('clientSecret');
  });

  it('revokes tokens, and lists them without their values', async () => {
    const token = (await mint({ name: 'short-lived' })).text('access_token');
    const list = await webex.control('GET', 'tokens');
    expect(JSON.stringify(list.body)).toContain('short-lived');
    expect(JSON.stringify(list.body)).not.toContain(token);
    expect((await webex.control('DELETE', `tokens/${token}`)).status).toBe(204);
    expect((await webex.call('GET', '/v1/roles', undefined, token)).status).toBe(401);
  });
});
