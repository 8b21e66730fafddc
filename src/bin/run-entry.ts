import { ConfigError } from '../config';
import { SetupError } from '../error-for-people';

export interface Entry {
  /** Aborted by the first Ctrl-C or SIGTERM. */
  signal: AbortSignal;
  say: (line: string) => void;
}

/** A wrong argument: its one sentence is all there is to say. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

function isForPeople(error: unknown): error is Error {
  return (
    error instanceof ConfigError ||
    error instanceof SetupError ||
    error instanceof UsageError ||
    // What node:util's parseArgs throws names the flag.
    (error instanceof TypeError &&
      'code' in error &&
      String(error.code).startsWith('ERR_PARSE_ARGS'))
  );
}

/** npm and the terminal may both pass one Ctrl-C on to us; a later one is a second wish. */
const sameKeystrokeMs = 1_500;

/**
 * Runs the main function of a process: signals end it in order, what people can put right is a
 * sentence, and the process ends with its exit code even where something still holds a handle.
 */
export function runEntry(main: (entry: Entry) => Promise<number> | number): void {
  const controller = new AbortController();
  let firstAt: number | null = null;
  const stop = () => {
    if (firstAt === null) {
      firstAt = performance.now();
      controller.abort();
    } else if (performance.now() - firstAt > sameKeystrokeMs) {
      process.exit(130);
    }
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  // Whoever read our output has gone, as `head` does: end in order, and quietly.
  process.stdout.on('error', () => controller.abort());
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const run = async () => main({ signal: controller.signal, say });
  run().then(
    (code) => process.exit(code),
    (error: unknown) => {
      const unforeseen = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`${isForPeople(error) ? error.message : unforeseen}\n`);
      process.exit(1);
    },
  );
}

/** Resolves when the signal says stop. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
