import pino, { type Logger } from 'pino';

export type { Logger };

/** Keys under which credentials travel: cut out at the top of an entry and one or two levels deep. */
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
 * JSON lines, to stderr unless a destination is given; anything that looks like a credential is cut
 * out. Time is in ISO 8601 so that people can read it too.
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
