import { once } from 'node:events';
import { ErrorForPeople } from '../error-for-people';

export interface Entry {
  /** Aborted by the first Ctrl-C or SIGTERM. */
  signal: AbortSignal;
  say: (line: string) => void;
}

function isForPeople(error: unknown): error is Error {
  if (error instanceof ErrorForPeople) return true;
  // What parseArgs of node:util throws names the wrong flag.
  return error instanceof TypeError && codeOf(error).startsWith('ERR_PARSE_ARGS');
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}

/** npm and the terminal may both pass on one Ctrl-C. A signal after this time is a second Ctrl-C. */
const sameKeystrokeMs = 1_500;

/**
 * Runs the main function of a process. The first signal asks it to stop, a later one ends it at once.
 * An `ErrorForPeople` is printed as its message, any other error with its stack. The process ends with
 * the exit code even if something still holds a handle.
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
  // The reader of our output has ended, as `head` does: stop quietly.
  process.stdout.on('error', () => controller.abort());
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const run = async () => main({ signal: controller.signal, say });
  run().then(
    (code) => process.exit(code),
    (error: unknown) => {
      process.stderr.write(`${textOf(error)}\n`);
      process.exit(1);
    },
  );
}

function textOf(error: unknown): string {
  if (isForPeople(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
