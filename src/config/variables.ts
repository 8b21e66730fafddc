import { z } from 'zod';
import { roles, type Role } from '../roles';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface ConfiguredToken {
  /** SHA-256 of the token, lower-case hex. */
  hash: string;
  name: string;
  role: Role;
}

const tokenFormat = `must be a comma-separated list of hash:name:role with a SHA-256 in hex and a role of ${roles.join(', ')} ("npm run token" prints such an entry)`;

/** Digits and a point only: `Number` alone would also accept "1e3" and " 80". */
function numberOf(form: RegExp, isAllowed: (value: number) => boolean, mustBe: string) {
  return z.string().regex(form, mustBe).transform(Number).refine(isAllowed, mustBe);
}

function port(fallback: number) {
  const mustBe = 'must be a port number from 0 to 65535';
  return numberOf(/^\d+$/, (value) => value <= 65_535, mustBe).default(fallback);
}

function url(protocol: RegExp, mustBe: string) {
  return z.url({ protocol, error: mustBe }).nullable().default(null);
}

const text = () => z.string().nullable().default(null);
const webUrl = () => url(/^https?$/, 'must be an http or https URL');

/**
 * Every variable that Seatwise reads: its form, its default, what a wrong value is told, and the text
 * that `.env.example` shows. `null` is "not set".
 */
export const variables = z.object({
  HOST: z.string().default('127.0.0.1').meta({
    description: 'Address on which the HTTP API and the health endpoint of a worker listen.',
  }),
  PORT: port(8080).meta({ description: 'Port of the HTTP API.' }),
  WORKER_PORT: port(8081).meta({ description: 'Port of the health and metrics of a worker.' }),
  DATA_DIR: z.string().default('.data').meta({
    description: 'Folder in which local mode (npm start) keeps all data.',
  }),
  DATABASE_URL: url(
    /^postgres(ql)?$/,
    'must be a URL such as postgres://user:password@host:5432/name',
  ).meta({
    description:
      'PostgreSQL 16, for example postgres://user:password@host:5432/name. If empty, local mode starts its own.',
  }),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^\S+:\d+$/, 'must be host:port')
    .nullable()
    .default(null)
    .meta({
      description: 'Temporal, for example host:7233. If empty, local mode starts a dev server.',
    }),
  TEMPORAL_NAMESPACE: z.string().default('default').meta({
    description: 'Namespace of Temporal in which the workflows run.',
  }),
  TEMPORAL_API_KEY: text().meta({
    description: 'API key of Temporal. Setting it also turns on TLS.',
  }),
  TEMPORAL_TLS_CA_FILE: text().meta({
    description:
      'Certificate of the authority that signed the server certificate (PEM). Turns on TLS.',
  }),
  TEMPORAL_TLS_CERT_FILE: text().meta({
    description: 'Client certificate (PEM). Turns on TLS; needs TEMPORAL_TLS_KEY_FILE.',
  }),
  TEMPORAL_TLS_KEY_FILE: text().meta({ description: 'Key of the client certificate (PEM).' }),
  TEMPORAL_CLI_PATH: text().meta({
    description:
      'Temporal CLI for local mode. If empty, Seatwise looks for it on the PATH, then downloads it.',
  }),
  TEMPORAL_TEST_SERVER_PATH: text().meta({
    description:
      'Temporal test server for the tests. If empty, Seatwise looks for it, then downloads it.',
  }),
  TEMPORAL_UI_URL: webUrl().meta({
    description: 'Address of the Temporal UI, for the links in API responses.',
  }),
  TEMPORAL_USER_LABELS: z
    .enum(['email', 'id'], 'must be email or id')
    .default('email')
    .meta({ description: 'How the Temporal UI names a user: email or id.' }),
  TEMPORAL_CACHED_WORKFLOWS: numberOf(
    /^[1-9]\d{0,4}$/,
    (value) => value >= 2 && value <= 10_000,
    'must be a whole number from 2 to 10000',
  )
    .default(200)
    .meta({
      description:
        'Workflows that a worker keeps in memory. A plan that waits beyond that is read back from Temporal when something happens to it.',
    }),
  WEBEX_BASE_URL: webUrl().meta({
    description:
      'Address of Webex. If empty, https://webexapis.com; local mode then starts a simulator instead.',
  }),
  WEBEX_ACCESS_TOKEN: text().meta({
    description:
      'Credential for Webex: either this access token, or the client id, client secret and refresh token of an integration or a service app.',
  }),
  WEBEX_CLIENT_ID: text().meta({ description: 'Client id of the integration or service app.' }),
  WEBEX_CLIENT_SECRET: text().meta({
    description: 'Client secret of the integration or service app.',
  }),
  WEBEX_REFRESH_TOKEN: text().meta({
    description: 'Refresh token; needs SEATWISE_SECRET_KEY. Preferred over an access token.',
  }),
  WEBEX_READ_ONLY: z
    .stringbool({
      truthy: ['true'],
      falsy: ['false'],
      case: 'sensitive',
      error: 'must be true or false',
    })
    .default(false)
    .meta({ description: 'true: Seatwise can plan, but never writes to Webex.' }),
  WEBEX_WRITES_PER_SECOND: numberOf(
    /^\d+(\.\d+)?$/,
    (value) => value > 0 && value <= 1000,
    'must be a number above 0 and up to 1000',
  )
    .default(5)
    .meta({ description: 'Write calls per second for an organization without a pace of its own.' }),
  WEBEX_CONFIRM_AFTER_SECONDS: numberOf(
    /^\d{1,4}(\.\d+)?$/,
    (value) => value > 0 && value <= 3600,
    'must be a number of seconds above 0 and up to 3600',
  )
    .default(30)
    .meta({
      description:
        'Seconds until what a read of the directory no longer shows is read a second time. It counts as gone only if both reads agree.',
    }),
  WEBEX_MAX_RETRY_AFTER_SECONDS: numberOf(
    /^[1-9]\d{0,4}$/,
    (value) => value <= 86_400,
    'must be a whole number of seconds from 1 to 86400',
  )
    .default(900)
    .meta({
      description: 'The longest wait in seconds that Webex is believed to ask for (Retry-After).',
    }),
  RETENTION_DAYS: numberOf(
    /^[1-9]\d{0,4}$/,
    () => true,
    'must be a whole number of days from 1 to 99999, or empty to keep everything',
  )
    .nullable()
    .default(null)
    .meta({
      description:
        'Days after which the users of ended rollouts, and users who left, are deleted from the database. If empty, never.',
    }),
  SEATWISE_TOKENS: z.string().default('').transform(parseTokens).meta({
    description:
      'Who may call the API: hash:name:role, separated by commas. "npm run token" makes a token and prints its entry.',
  }),
  SEATWISE_SECRET_KEY: z
    .string()
    .min(32, 'must be at least 32 characters')
    .nullable()
    .default(null)
    .meta({
      description:
        'Key that encrypts refreshed Webex tokens in the database: at least 32 characters.',
    }),
  LOG_LEVEL: z
    .enum(logLevels, `must be one of ${logLevels.join(', ')}`)
    .default('info')
    .meta({ description: `Lowest level that is logged: ${logLevels.join(', ')}.` }),
});

export type Values = z.output<typeof variables>;

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
    context.addIssue({ code: 'custom', message: tokenFormat });
    return [];
  });
}
