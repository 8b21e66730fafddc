import pino, { type Logger } from 'pino';
import { databaseError } from './database-error';

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
 * Logs JSON lines, to stderr unless a destination is given. Credentials are redacted, and errors of the
 * database carry no data. Times are in ISO 8601, so that people can read them.
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
      serializers: { err: (error: Error) => pino.stdSerializers.err(withoutData(error)) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    options.destination ?? pino.destination({ dest: 2, sync: true }),
  );
}

/** The error, or its database error where one is among its causes: their texts would be joined. */
function withoutData(error: Error): Error {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const translated = databaseError(cause);
    if (translated === undefined) continue;
    if (cause === error) return translated;
    return Object.assign(new Error(`${error.message}: ${translated.message}`), {
      name: error.name,
      stack: translated.stack,
    });
  }
  return error;
}
