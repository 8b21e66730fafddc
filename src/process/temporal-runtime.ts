import {
  makeTelemetryFilterString,
  Runtime,
  type LogMetadata,
  type Logger as TemporalLogger,
} from '@temporalio/worker';
import type { Logger } from '../logger';

/** A logger for the SDK that writes to our log. */
export function temporalLogger(logger: Logger): TemporalLogger {
  const own = logger.child({ part: 'temporal' });
  return {
    trace: (message, meta) => own.trace(fieldsOf(meta), message),
    debug: (message, meta) => own.debug(fieldsOf(meta), message),
    info: (message, meta) => own.info(fieldsOf(meta), message),
    warn: (message, meta) => own.warn(fieldsOf(meta), message),
    error: (message, meta) => own.error(fieldsOf(meta), message),
    log: (level, message, meta) => own[pinoLevels[level]](fieldsOf(meta), message),
  };
}

/** The SDK names an error `error`; our log formats errors only under `err`. */
function fieldsOf(meta: LogMetadata | undefined): Record<string, unknown> {
  const { error, ...rest } = meta ?? {};
  return error === undefined ? rest : { ...rest, err: error };
}

const pinoLevels = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
} as const;

/** Sends the log of the SDK and its core to our log. Call it before anything else of the SDK. */
export function installRuntime(logger: Logger): void {
  Runtime.install({
    logger: temporalLogger(logger),
    // The main function handles signals: it stops the worker first, then the rest.
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
    },
  });
}
