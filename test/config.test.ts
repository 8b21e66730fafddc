import { readFileSync } from 'node:fs';
import path from 'node:path';
import { envExample } from '../scripts/env-example/env-example';
import { parseConfig } from '../src/config/config';
import { variables } from '../src/config/variables';
import { ErrorForPeople } from '../src/error-for-people';

const hash = 'a'.repeat(64);

function faultOf(env: Record<string, string>): string {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ErrorForPeople) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('parseConfig', () => {
  it('needs nothing: everything absent is embedded or off', () => {
    expect(parseConfig({})).toEqual({
      host: '127.0.0.1',
      port: 8080,
      workerPort: 8081,
      dataDir: '.data',
      databaseUrl: null,
      temporal: {
        address: null,
        namespace: 'default',
        apiKey: null,
        tls: null,
        cliPath: null,
        testServerPath: null,
        uiUrl: null,
        userLabels: 'email',
        cachedWorkflows: 200,
      },
      webex: {
        baseUrl: null,
        credential: { kind: 'none' },
        readOnly: false,
        writesPerSecond: 5,
        confirmAfterMs: 30_000,
        maxRetryAfterMs: 900_000,
      },
      retentionDays: null,
      tokens: [],
      secretKey: null,
      logLevel: 'info',
    });
  });

  it('treats an empty value as absent', () => {
    expect(parseConfig({ DATABASE_URL: '', PORT: '', SEATWISE_TOKENS: '' })).toEqual(
      parseConfig({}),
    );
  });

  it('reads what is given', () => {
    const config = parseConfig({
      PORT: '0',
      DATABASE_URL: 'postgres://u:p@db:5432/x',
      TEMPORAL_ADDRESS: 'temporal:7233',
      TEMPORAL_TLS_CA_FILE: 'ca.pem',
      WEBEX_BASE_URL: 'https://webexapis.com/',
      WEBEX_ACCESS_TOKEN: 'secret',
      WEBEX_READ_ONLY: 'true',
      WEBEX_WRITES_PER_SECOND: '2.5',
      SEATWISE_TOKENS: `${hash}:ann:viewer, ${hash}:bob:admin`,
    });
    expect(config).toMatchObject({
      port: 0,
      databaseUrl: 'postgres://u:p@db:5432/x',
      temporal: {
        address: 'temporal:7233',
        tls: { caFile: 'ca.pem', certFile: null, keyFile: null },
      },
      webex: {
        baseUrl: 'https://webexapis.com',
        credential: { kind: 'token', accessToken: 'secret' },
        readOnly: true,
        writesPerSecond: 2.5,
      },
      tokens: [
        { hash, name: 'ann', role: 'viewer' },
        { hash, name: 'bob', role: 'admin' },
      ],
    });
  });

  it.each([
    ['PORT', '80a'],
    ['PORT', '65536'],
    ['WORKER_PORT', '-1'],
    ['DATABASE_URL', 'mysql://db/x'],
    ['DATABASE_URL', 'db'],
    ['TEMPORAL_ADDRESS', 'temporal'],
    ['TEMPORAL_USER_LABELS', 'name'],
    ['TEMPORAL_UI_URL', 'localhost:8233'],
    ['TEMPORAL_CACHED_WORKFLOWS', '1'],
    ['TEMPORAL_CACHED_WORKFLOWS', '20000'],
    ['WEBEX_BASE_URL', 'webexapis.com'],
    ['WEBEX_READ_ONLY', 'yes'],
    ['WEBEX_WRITES_PER_SECOND', '0'],
    ['WEBEX_WRITES_PER_SECOND', 'fast'],
    ['SEATWISE_TOKENS', 'plain-token'],
    ['SEATWISE_TOKENS', `${hash}:ann:owner`],
    ['SEATWISE_TOKENS', `${hash}:ann:admin:more`],
    ['SEATWISE_SECRET_KEY', 'short'],
    ['LOG_LEVEL', 'verbose'],
  ])(
    'refuses %s=%s in a sentence that names the variable and never shows the value',
    (name, value) => {
      const fault = faultOf({ [name]: value });
      expect(fault).toMatch(new RegExp(`^${name} must be .+\\.$`));
      if (name.startsWith('SEATWISE_')) expect(fault).not.toContain(value);
    },
  );

  it('names every wrong variable at once', () => {
    expect(faultOf({ PORT: 'x', LOG_LEVEL: 'y' }).split('\n')).toHaveLength(2);
  });

  it.each([
    [{ WEBEX_CLIENT_ID: 'c' }, /^WEBEX_CLIENT_SECRET and WEBEX_REFRESH_TOKEN must be given too/],
    [
      { WEBEX_CLIENT_ID: 'c', WEBEX_CLIENT_SECRET: 's', WEBEX_REFRESH_TOKEN: 'r' },
      /^SEATWISE_SECRET_KEY is needed/,
    ],
    [{ TEMPORAL_TLS_CERT_FILE: 'c.pem' }, /^TEMPORAL_TLS_CERT_FILE and TEMPORAL_TLS_KEY_FILE must/],
  ])('refuses half of what only works together: %j', (env, fault) => {
    expect(faultOf(env)).toMatch(fault);
  });

  it('prefers a refresh token, which lasts, over an access token', () => {
    const config = parseConfig({
      WEBEX_ACCESS_TOKEN: 'a',
      WEBEX_CLIENT_ID: 'c',
      WEBEX_CLIENT_SECRET: 's',
      WEBEX_REFRESH_TOKEN: 'r',
      SEATWISE_SECRET_KEY: 'k'.repeat(32),
    });
    expect(config.webex.credential).toEqual({
      kind: 'refresh',
      clientId: 'c',
      clientSecret: 's',
      refreshToken: 'r',
    });
  });
});

describe('.env.example', () => {
  const file = readFileSync(path.join(__dirname, '../.env.example'), 'utf8');
  const lines = file.split('\n');
  const entries = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('=', 2) as [string, string]);

  it('has every variable that is read, and no other', () => {
    expect(entries.map(([name]) => name)).toEqual(Object.keys(variables.shape));
  });

  it('is what "npm run env-example" writes', () => {
    expect(file).toBe(envExample());
  });

  it('explains every variable', () => {
    const silent = Object.entries(variables.shape).filter(
      ([, schema]) => !schema.meta()?.description,
    );
    expect(silent).toEqual([]);
  });

  it('shows the defaults', () => {
    expect(parseConfig(Object.fromEntries(entries))).toEqual(parseConfig({}));
  });
});
