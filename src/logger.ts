import pino, { type Logger } from 'pino';

export type { Logger };

/** Keys of credentials: redacted at the top of an entry and one or two levels deep. */
const secretKeys = [
  'authorization',
  'Authorization',
  'token',
  'accessToken',
  'access_token',
  'refreshToken',
  'refresh_token',
  'clientSecret',
  'client_secret',
  'password',
];

/**
 * Logs JSON lines, to stderr unless a destination is given. Credentials are redacted. Times are in
 * ISO 8601, so that people can read them.
 */
export function createLogger(options: {
  name: string;
  level: string;
  destination?: pino.DestinationStream;
}): Logger {
  const paths = secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  return pino(
    {
      name: options.name,
      level: options.level,
      redact: { paths, censor: '[cut]' },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    options.destination ?? pino.destination({ dest: 2, sync: true }),
  );
}
