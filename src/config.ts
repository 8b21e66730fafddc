import { existsSync } from 'node:fs';
import { z } from 'zod';

/** Where Webex is unless WEBEX_BASE_URL says otherwise. */
import { roles, type Role } from './roles';

export const realWebexBaseUrl = 'https://webexapis.com';

export interface ConfiguredToken {
  /** SHA-256 of the token, lower-case hex. */
  hash: string;
  name: string;
  role: Role;
}

export type WebexCredential =
  | { kind: 'none' }
  | { kind: 'token'; accessToken: string }
  | { kind: 'refresh'; clientId: string; clientSecret: string; refreshToken: string };

/** Everything that can be configured; `null` is "not given", which local mode reads as "embedded". */
export interface Config {
  host: string;
  port: number;
  workerPort: number;
  dataDir: string;
  databaseUrl: string | null;
  temporal: {
    address: string | null;
    namespace: string;
    apiKey: string | null;
    /** Files in PEM format; TLS is used where any is given or there is an API key. */
    tls: { caFile: string | null; certFile: string | null; keyFile: string | null } | null;
    cliPath: string | null;
    testServerPath: string | null;
    /** Address of the Temporal UI for links in answers. */
    uiUrl: string | null;
    /** What summaries in the Temporal UI call a user. */
    userLabels: 'email' | 'id';
  };
  webex: {
    baseUrl: string | null;
    credential: WebexCredential;
    readOnly: boolean;
    writesPerSecond: number;
  };
  /** After so many days users of ended rollouts and users who left are forgotten; null: never. */
  retentionDays: number | null;
  tokens: ConfiguredToken[];
  secretKey: string | null;
  logLevel: LogLevel;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One or more variables hold something that can't be used: a sentence for each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const port = (fallback: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((value) => value <= 65_535)
    .default(fallback);
const oneOf = <T extends readonly [string, ...string[]]>(values: T, fallback: T[number]) =>
  z.enum(values).default(fallback as never);
const text = () => z.string().nullable().default(null);
const url = (protocol: RegExp) => z.url({ protocol }).nullable().default(null);

/** Every name with its shape and its default, and how a wrong value is described. */
const variables = {
  HOST: [z.string().default('127.0.0.1'), 'an address to listen on'],
  PORT: [port(8080), 'a port number from 0 to 65535'],
  WORKER_PORT: [port(8081), 'a port number from 0 to 65535'],
  DATA_DIR: [z.string().default('.data'), 'a folder'],
  DATABASE_URL: [url(/^postgres(ql)?$/), 'a URL such as postgres://user:password@host:5432/name'],
  TEMPORAL_ADDRESS: [
    z
      .string()
      .regex(/^\S+:\d+$/)
      .nullable()
      .default(null),
    'host:port',
  ],
  TEMPORAL_NAMESPACE: [z.string().default('default'), 'the name of a namespace'],
  TEMPORAL_API_KEY: [text(), 'a key'],
  TEMPORAL_TLS_CA_FILE: [text(), 'a file'],
  TEMPORAL_TLS_CERT_FILE: [text(), 'a file'],
  TEMPORAL_TLS_KEY_FILE: [text(), 'a file'],
  TEMPORAL_CLI_PATH: [text(), 'a file'],
  TEMPORAL_TEST_SERVER_PATH: [text(), 'a file'],
  TEMPORAL_UI_URL: [url(/^https?$/), 'an http or https URL'],
  TEMPORAL_USER_LABELS: [oneOf(['email', 'id'] as const, 'email'), 'email or id'],
  WEBEX_BASE_URL: [url(/^https?$/), 'an http or https URL'],
  WEBEX_ACCESS_TOKEN: [text(), 'a token'],
  WEBEX_CLIENT_ID: [text(), 'a client id'],
  WEBEX_CLIENT_SECRET: [text(), 'a client secret'],
  WEBEX_REFRESH_TOKEN: [text(), 'a refresh token'],
  WEBEX_READ_ONLY: [
    oneOf(['true', 'false'] as const, 'false').transform((value) => value === 'true'),
    'true or false',
  ],
  WEBEX_WRITES_PER_SECOND: [
    z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .transform(Number)
      .refine((value) => value > 0 && value <= 1000)
      .default(5),
    'a number above 0 and up to 1000',
  ],
  RETENTION_DAYS: [
    z
      .string()
      .regex(/^[1-9]\d{0,4}$/)
      .transform(Number)
      .nullable()
      .default(null),
    'a whole number of days from 1 to 99999, or empty to keep everything',
  ],
  SEATWISE_TOKENS: [z.string().default('').transform(parseTokens), tokenFormat()],
  SEATWISE_SECRET_KEY: [z.string().min(32).nullable().default(null), 'at least 32 characters'],
  LOG_LEVEL: [oneOf(logLevels, 'info'), `one of ${logLevels.join(', ')}`],
} as const satisfies Record<string, readonly [z.ZodType, string]>;

type Values = { [K in keyof typeof variables]: z.output<(typeof variables)[K][0]> };

/** The names that are read, in the order of `.env.example`. */
export const variableNames = Object.keys(variables) as (keyof typeof variables)[];

function tokenFormat(): string {
  return `a comma-separated list of hash:name:role with a SHA-256 in hex and a role of ${roles.join(', ')} ("npm run token" prints such a line)`;
}

function parseTokens(line: string, context: z.RefinementCtx): ConfiguredToken[] {
  const entries = line
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  return entries.flatMap((entry) => {
    const [hash = '', name = '', role = '', ...rest] = entry.split(':');
    const known = roles.find((candidate) => candidate === role);
    if (/^[0-9a-f]{64}$/.test(hash) && name && known && rest.length === 0) {
      return [{ hash, name, role: known }];
    }
    context.addIssue({ code: 'custom', message: 'malformed' });
    return [];
  });
}

/** Reads each variable on its own, so that every wrong one is named at once. */
function readValues(env: Record<string, string | undefined>): Values {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const name of variableNames) {
    const [schema, expected] = variables[name];
    // An empty value is how compose files and shells say "not set".
    const parsed = schema.safeParse(env[name] === '' ? undefined : env[name]);
    if (parsed.success) values[name] = parsed.data;
    else faults.push(`${name} must be ${expected}.`);
  }
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return values as Values;
}

function credentialOf(values: Values): WebexCredential {
  const { WEBEX_ACCESS_TOKEN, WEBEX_CLIENT_ID, WEBEX_CLIENT_SECRET, WEBEX_REFRESH_TOKEN } = values;
  const refresh = { WEBEX_CLIENT_ID, WEBEX_CLIENT_SECRET, WEBEX_REFRESH_TOKEN };
  const missing = Object.entries(refresh).filter(([, value]) => value === null);
  if (WEBEX_CLIENT_ID !== null && WEBEX_CLIENT_SECRET !== null && WEBEX_REFRESH_TOKEN !== null) {
    if (values.SEATWISE_SECRET_KEY === null) {
      throw new ConfigError(
        'SEATWISE_SECRET_KEY is needed with WEBEX_REFRESH_TOKEN: refreshed tokens are kept encrypted with it.',
      );
    }
    return {
      kind: 'refresh',
      clientId: WEBEX_CLIENT_ID,
      clientSecret: WEBEX_CLIENT_SECRET,
      refreshToken: WEBEX_REFRESH_TOKEN,
    };
  }
  if (missing.length < 3) {
    const names = missing.map(([name]) => name).join(' and ');
    throw new ConfigError(
      `${names} must be given too: a client id, secret and refresh token only work together.`,
    );
  }
  if (WEBEX_ACCESS_TOKEN !== null) return { kind: 'token', accessToken: WEBEX_ACCESS_TOKEN };
  return { kind: 'none' };
}

function tlsOf(values: Values): Config['temporal']['tls'] {
  const { TEMPORAL_TLS_CA_FILE, TEMPORAL_TLS_CERT_FILE, TEMPORAL_TLS_KEY_FILE } = values;
  if ((TEMPORAL_TLS_CERT_FILE === null) !== (TEMPORAL_TLS_KEY_FILE === null)) {
    throw new ConfigError(
      'TEMPORAL_TLS_CERT_FILE and TEMPORAL_TLS_KEY_FILE must be given together.',
    );
  }
  const tls = {
    caFile: TEMPORAL_TLS_CA_FILE,
    certFile: TEMPORAL_TLS_CERT_FILE,
    keyFile: TEMPORAL_TLS_KEY_FILE,
  };
  return Object.values(tls).every((file) => file === null) ? null : tls;
}

/** Environment to Config, without looking anywhere else. Throws `ConfigError`. */
export function parseConfig(env: Record<string, string | undefined>): Config {
  const values = readValues(env);
  return {
    host: values.HOST,
    port: values.PORT,
    workerPort: values.WORKER_PORT,
    dataDir: values.DATA_DIR,
    databaseUrl: values.DATABASE_URL,
    temporal: {
      address: values.TEMPORAL_ADDRESS,
      namespace: values.TEMPORAL_NAMESPACE,
      apiKey: values.TEMPORAL_API_KEY,
      tls: tlsOf(values),
      cliPath: values.TEMPORAL_CLI_PATH,
      testServerPath: values.TEMPORAL_TEST_SERVER_PATH,
      uiUrl: values.TEMPORAL_UI_URL,
      userLabels: values.TEMPORAL_USER_LABELS,
    },
    webex: {
      baseUrl: values.WEBEX_BASE_URL?.replace(/\/+$/, '') ?? null,
      credential: credentialOf(values),
      readOnly: values.WEBEX_READ_ONLY,
      writesPerSecond: values.WEBEX_WRITES_PER_SECOND,
    },
    retentionDays: values.RETENTION_DAYS,
    tokens: values.SEATWISE_TOKENS,
    secretKey: values.SEATWISE_SECRET_KEY,
    logLevel: values.LOG_LEVEL,
  };
}

/** The configuration of this process: the environment, and `.env` for what it doesn't say. */
export function loadConfig(envFile = '.env'): Config {
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  return parseConfig(process.env);
}

/** Whether the standard output may be coloured: a terminal may, unless NO_COLOR is set (no-color.org). */
export function isColourful(isTerminal: boolean, env = process.env): boolean {
  return isTerminal && (env.NO_COLOR ?? '') === '';
}
