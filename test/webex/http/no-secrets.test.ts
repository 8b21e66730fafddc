import { inspect } from 'node:util';
import { createLogger } from '../../../src/logger';
import type { Webex } from '../../../src/webex/port/webex';
import {
  adds,
  all,
  aScriptedWebex,
  broken,
  groupId,
  hangs,
  personId,
  token,
  type Asked,
  type Told,
} from '../../support/scripted-webex';

const secrets = [
  token,
  token.slice(0, -1),
  'the-client-secret',
  'the-refresh-token',
  'the-fresh-token',
  'Bearer v',
];

/** Every way in which Webex can fail, with the secrets of the request in its answer. */
const failures: [string, (asked: Asked) => Told | Promise<Told>][] = [
  ...[302, 400, 401, 403, 404, 409, 423, 429, 500, 503].map(
    (status): [string, (asked: Asked) => Told] => [`${status}`, (asked) => tellTale(asked, status)],
  ),
  ['a time-out', hangs],
  ['a reset', () => Promise.reject(broken('ECONNRESET'))],
  ['an error that quotes the request', (asked) => Promise.reject(new Error(quoted(asked)))],
  ...['header', 'body', 'cut header'].map((where): [string, (asked: Asked) => Told] => [
    `the credential as tracking id, in the ${where}`,
    (asked) => tracked(asked, where),
  ]),
  ['a body that is not JSON', (asked) => ({ body: quoted(asked) })],
  [
    'a body of another shape',
    (asked) => ({ body: { items: quoted(asked), licenses: quoted(asked) } }),
  ],
];

function quoted({ headers, body }: Asked): string {
  return `${headers.get('authorization')} ${JSON.stringify(body)}`;
}

function tellTale(asked: Asked, status: number): Told {
  const said = quoted(asked);
  const headers = { 'retry-after': '0' };
  return {
    status,
    headers,
    body: { message: said, errors: [{ description: said }], trackingId: said },
  };
}

/** The credential has only characters that tracking ids have. */
function tracked({ headers, body }: Asked, where: string): Told {
  const given = headers.get('authorization')?.replace('Bearer ', '');
  const secret = given ?? new URLSearchParams(String(body)).get('refresh_token') ?? 'none';
  const message = 'no';
  if (where === 'body') return { status: 400, body: { message, trackingId: `x:${secret}` } };
  return {
    status: 400,
    headers: { trackingid: where === 'header' ? secret : secret.slice(0, -1) },
    body: { message },
  };
}

const calls: [string, (webex: Webex) => Promise<unknown>][] = [
  ['listLicenses', (webex) => webex.listLicenses()],
  ['listGroups', (webex) => webex.listGroups()],
  ['listMembers', (webex) => all(webex.listMembers(groupId(1)))],
  ['listPeople', (webex) => all(webex.listPeople())],
  ['readPeople', (webex) => all(webex.readPeople([personId(1)], 10))],
  ['writeUser', (webex) => webex.writeUser(personId(1), [adds('MS')])],
  ['checkCredential', (webex) => webex.checkCredential()],
];

const credentials = {
  'a fixed token': { kind: 'token', accessToken: token },
  'a refreshed token': {
    kind: 'refresh',
    clientId: 'client',
    clientSecret: 'the-client-secret',
    refreshToken: 'the-refresh-token',
  },
} as const;

describe.each(Object.entries(credentials))('with %s', (_, credential) => {
  describe.each(failures)('after %s', (__, fail) => {
    it.each(calls)('%s lets no secret into logs or errors', async (___, call) => {
      const lines: string[] = [];
      const logger = createLogger({
        name: 'test',
        level: 'trace',
        destination: { write: (line) => lines.push(line) },
      });
      let refreshes = 0;
      let now = 0;
      const { webex } = aScriptedWebex(
        (asked) => {
          if (asked.path !== '/v1/access_token') return fail(asked);
          refreshes += 1;
          return refreshes > 1
            ? fail(asked)
            : { body: { access_token: 'the-fresh-token', expires_in: 3600 } };
        },
        { credential, logger, timeoutMs: 100, readRetryMs: 300, now: () => (now += 50) },
      );
      const outcome = await call(webex).then(
        () => 'done',
        (error: unknown) =>
          `${inspect(error, { depth: 10 })} ${JSON.stringify(error)} ${String(error)}`,
      );
      const everything = [outcome, ...lines].join('\n');
      expect(lines.length).toBeGreaterThan(0);
      for (const secret of secrets) expect(everything).not.toContain(secret);
    });
  });
});
