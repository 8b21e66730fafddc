import {
  makeTelemetryFilterString,
  Runtime,
  type LogMetadata,
  type Logger as TemporalLogger,
} from '@temporalio/worker';
import type { Logger } from '../logger';

/** Temporal's log levels and metadata as lines of ours. */
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

/** The SDK calls an error `error`; our log writes one out under `err` only. */
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

/** Sends what the SDK and its core have to say to our log. Before anything else of the SDK is used. */
export function installRuntime(logger: Logger): void {
  Runtime.install({
    logger: temporalLogger(logger),
    // Signals are the composition root's: the worker stops first, then the rest.
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
    },
  });
}
