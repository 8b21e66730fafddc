import { ErrorForPeople } from '../error-for-people';
import { variables, type ConfiguredToken, type LogLevel, type Values } from './variables';

/** Where Webex is unless WEBEX_BASE_URL names another address. */
export const realWebexBaseUrl = 'https://webexapis.com';

export type WebexCredential =
  | { kind: 'none' }
  | { kind: 'token'; accessToken: string }
  | { kind: 'refresh'; clientId: string; clientSecret: string; refreshToken: string };

/** The configuration. `null` is "not set"; local mode then starts an embedded server. */
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
    /** Files in PEM format. TLS is used if any of them, or an API key, is set. */
    tls: { caFile: string | null; certFile: string | null; keyFile: string | null } | null;
    cliPath: string | null;
    testServerPath: string | null;
    /** Address of the Temporal UI, for links in responses. */
    uiUrl: string | null;
    /** How summaries in the Temporal UI name a user. */
    userLabels: 'email' | 'id';
    /** Workflows that a worker keeps in memory, at most. */
    cachedWorkflows: number;
  };
  webex: {
    baseUrl: string | null;
    credential: WebexCredential;
    readOnly: boolean;
    writesPerSecond: number;
    /** The longest `Retry-After` that is believed. */
    maxRetryAfterMs: number;
    confirmAfterMs: number;
  };
  /** Days after which users of ended rollouts, and users who left, are deleted; null: never. */
  retentionDays: number | null;
  tokens: ConfiguredToken[];
  secretKey: string | null;
  logLevel: LogLevel;
}

/** Reads every variable, and names every wrong one at once. Throws `ErrorForPeople`. */
function readValues(env: Record<string, string | undefined>): Values {
  // An empty value is how compose files and shells write "not set".
  const given = Object.entries(env).filter(([, value]) => value !== '');
  const parsed = variables.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`);
  throw new ErrorForPeople([...new Set(faults)].join('\n'));
}

function credentialOf(values: Values): WebexCredential {
  const { WEBEX_ACCESS_TOKEN, WEBEX_CLIENT_ID, WEBEX_CLIENT_SECRET, WEBEX_REFRESH_TOKEN } = values;
  const refresh = { WEBEX_CLIENT_ID, WEBEX_CLIENT_SECRET, WEBEX_REFRESH_TOKEN };
  const missing = Object.entries(refresh).filter(([, value]) => value === null);
  if (WEBEX_CLIENT_ID !== null && WEBEX_CLIENT_SECRET !== null && WEBEX_REFRESH_TOKEN !== null) {
    if (values.SEATWISE_SECRET_KEY === null) {
      throw new ErrorForPeople(
        'SEATWISE_SECRET_KEY is needed with WEBEX_REFRESH_TOKEN: it encrypts the refreshed tokens.',
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
    throw new ErrorForPeople(
      `${names} must be given too: client id, client secret and refresh token only work together.`,
    );
  }
  if (WEBEX_ACCESS_TOKEN !== null) return { kind: 'token', accessToken: WEBEX_ACCESS_TOKEN };
  return { kind: 'none' };
}

function tlsOf(values: Values): Config['temporal']['tls'] {
  const { TEMPORAL_TLS_CA_FILE, TEMPORAL_TLS_CERT_FILE, TEMPORAL_TLS_KEY_FILE } = values;
  if ((TEMPORAL_TLS_CERT_FILE === null) !== (TEMPORAL_TLS_KEY_FILE === null)) {
    throw new ErrorForPeople(
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

/** Makes the configuration from these variables only. Throws `ErrorForPeople`. */
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
      cachedWorkflows: values.TEMPORAL_CACHED_WORKFLOWS,
    },
    webex: {
      baseUrl: values.WEBEX_BASE_URL?.replace(/\/+$/, '') ?? null,
      credential: credentialOf(values),
      readOnly: values.WEBEX_READ_ONLY,
      writesPerSecond: values.WEBEX_WRITES_PER_SECOND,
      maxRetryAfterMs: values.WEBEX_MAX_RETRY_AFTER_SECONDS * 1_000,
      confirmAfterMs: values.WEBEX_CONFIRM_AFTER_SECONDS * 1_000,
    },
    retentionDays: values.RETENTION_DAYS,
    tokens: values.SEATWISE_TOKENS,
    secretKey: values.SEATWISE_SECRET_KEY,
    logLevel: values.LOG_LEVEL,
  };
}
