import {
  makeTelemetryFilterString,
  Runtime,
  type LogMetadata,
  type Logger as TemporalLogger,
} from '@temporalio/worker';
import type { Logger } from '../logger';
import { RepeatedLines } from '../repeated-lines';

/** A logger for the SDK that writes to our log. */
export function temporalLogger(logger: Logger): TemporalLogger {
  const own = logger.child({ part: 'temporal' });
  // An outage fails every call, poll and activity in the same words.
  const lines = new RepeatedLines(own);
  return {
    trace: (message, meta) => own.trace(fieldsOf(meta), message),
    debug: (message, meta) => own.debug(fieldsOf(meta), message),
    info: (message, meta) => own.info(fieldsOf(meta), message),
    warn: (message, meta) => lines.log('warn', fieldsOf(meta), message),
    error: (message, meta) => lines.log('error', fieldsOf(meta), message),
    log(level, message, meta) {
      const name = pinoLevels[level];
      if (name === 'warn' || name === 'error') lines.log(name, fieldsOf(meta), message);
      else own[name](fieldsOf(meta), message);
    },
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
