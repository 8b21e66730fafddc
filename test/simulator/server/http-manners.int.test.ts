import { connect } from 'node:net';
import { callSimulator, type SimulatorCaller } from '../../support/simulator-caller';

describe('HTTP, as odd callers speak it', () => {
  let webex: SimulatorCaller;
  beforeAll(async () => {
    webex = await callSimulator();
  });
  afterAll(() => webex.close());

  /** The first line that comes back for a request target which no client library would send. */
  const statusLine = (target: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(webex.url).port), '127.0.0.1');
      socket.once('error', reject);
      socket.once('data', (data) => {
        socket.destroy();
        resolve(data.toString('latin1').split('\r\n')[0] ?? '');
      });
      socket.write(`GET ${target} HTTP/1.1\r\nHost: simulator\r\n\r\n`);
    });

  it.each(['//', '///', '/%zz', '*', 'http://x:y/', '/?a=%'])(
    'survives the request target %s',
    async (target) => {
      expect(await statusLine(target)).toBe('HTTP/1.1 404 Not Found');
      expect((await webex.get('/v1/roles')).status).toBe(200);
    },
  );

  it('accepts a doubled slash, as from a base address that ends with one', async () => {
    expect((await webex.get('//v1/roles')).status).toBe(200);
    expect((await webex.get('/v1/roles/')).status).toBe(200);
  });

  it('answers HEAD as GET, without the body', async () => {
    const reply = await webex.call('HEAD', '/v1/people?max=1');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('link')).toContain('rel="next"');
    expect(reply.body).toBe('');
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'application/xml'])(
    'refuses a body of the type %s with 415',
    async (type) => {
      const response = await fetch(`${webex.url}/v1/licenses/users`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${webex.adminToken}`, 'content-type': type },
        body: JSON.stringify({ email: 'a@b.example' }),
      });
      expect(response.status).toBe(415);
    },
  );

  it.each([
    ['GET', '/v1/licenses?orgId=nobody', undefined],
    ['GET', '/v1/groups?orgId=nobody', undefined],
    ['GET', '/v1/people?id=a&orgId=nobody', undefined],
    ['PATCH', '/v1/licenses/users', { email: 'a@b.example', orgId: 'nobody' }],
  ])('returns 404 for another organization: %s %s', async (method, path, body) => {
    const reply = await webex.call(method, path, body);
    expect(reply.status).toBe(404);
    expect(reply.text('errors.0.errorCode')).toBe('1');
  });

  it.each([
    ['GET', 'Nothing', 404],
    ['POST', 'Users', 405],
  ])(
    "answers errors below the SCIM address in SCIM's form: %s %s",
    async (method, path, status) => {
      const reply = await webex.call(method, `/identity/scim/some-organization/v2/${path}`);
      expect(reply.status).toBe(status);
      expect(reply.text('status')).toBe(String(status));
      expect(reply.list('schemas')).toContain('urn:ietf:params:scim:api:messages:2.0:Error');
    },
  );
});
