/**
 * Errors of PostgreSQL as one line without data. The originals carry the statement, its parameters and
 * values of rows: none of that belongs into a log, a history of Temporal or an answer.
 */

/** What may be said of a refused statement. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';

  constructor(
    message: string,
    /** SQLSTATE, or the code of the failed connection; null where there was none. */
    readonly code: string | null,
    /** The same statement may succeed later. */
    readonly isPassing: boolean,
  ) {
    super(message);
  }
}

/** Fields of an error of `pg`, of the system, or of Drizzle around one of them. */
interface Fields {
  name?: unknown;
  message?: unknown;
  stack?: unknown;
  code?: unknown;
  severity?: unknown;
  table?: unknown;
  constraint?: unknown;
  query?: unknown;
  cause?: unknown;
  errors?: unknown;
}

const sentences: Readonly<Record<string, string>> = {
  '22P02': 'a value has the wrong form',
  '22021': "a text has characters that it can't store",
  '23502': 'a value is missing',
  '23503': 'a row that it names is missing',
  '23505': 'the row exists already',
  '23514': 'a value is not allowed',
  '25P02': 'an earlier statement of the transaction failed',
  '40001': 'another transaction changed the same rows',
  '40P01': 'two transactions waited for each other',
  '53100': 'its disk is full',
  '53300': 'it has too many connections',
  '55P03': 'the rows are locked',
  '57014': 'the statement was cancelled or took too long',
};

/** Classes of SQLSTATE that pass: connection, rollback, resources, operator intervention. */
const passingClasses = ['08', '40', '53', '55', '57', '58'];
const lostConnection = /connection terminated|timeout exceeded when trying to connect|pool/i;

/** The error without data if it came from PostgreSQL or its client; else undefined. */
export function databaseError(error: unknown): DatabaseError | undefined {
  if (error instanceof DatabaseError) return error;
  const origin = originOf(error);
  if (origin === undefined) return undefined;
  const translated = translate(origin);
  // Where it happened is ours to know: the frames of a stack hold no data.
  const frames = framesOf(error);
  if (frames !== '') translated.stack = `${translated.name}: ${translated.message}\n${frames}`;
  return translated;
}

/** Any error as one line that may be logged, stored and shown. */
export function plainMessage(error: unknown): string {
  const plain = databaseError(error) ?? error;
  return plain instanceof Error ? plain.message : String(plain);
}

/** The error of `pg` itself, or of the connection below Drizzle. */
function originOf(error: unknown): Fields | undefined {
  const fields = fieldsOf(error);
  if (typeof fields.query === 'string') {
    return fields.cause === undefined ? fields : fieldsOf(fields.cause);
  }
  if (typeof fields.severity === 'string' && typeof fields.code === 'string') return fields;
  if (isLostConnection(fields)) return fields;
  return undefined;
}

function isLostConnection({ message, code, stack }: Fields): boolean {
  if (typeof message !== 'string') return false;
  const isOfPool = typeof stack === 'string' && /[\\/]pg(-pool)?[\\/]/.test(stack);
  return isOfPool && (lostConnection.test(message) || typeof code === 'string');
}

function translate({ code, severity, table, constraint, errors }: Fields): DatabaseError {
  const known = typeof code === 'string' ? code : firstCode(errors);
  if (typeof severity !== 'string' || known === null) {
    const why = known === null ? '' : ` (${known})`;
    return new DatabaseError(`The database could not be reached${why}`, known, true);
  }
  const where = [
    typeof table === 'string' ? `table ${table}` : '',
    typeof constraint === 'string' ? `constraint ${constraint}` : '',
  ].filter(Boolean);
  const sentence = sentences[known] ?? 'an error';
  const about = [known, ...where].join(', ');
  const isPassing = passingClasses.includes(known.slice(0, 2));
  return new DatabaseError(
    `The database refused a statement: ${sentence} (${about})`,
    known,
    isPassing,
  );
}

/** Node tries several addresses of a host and joins their errors. */
function firstCode(errors: unknown): string | null {
  if (!Array.isArray(errors)) return null;
  const codes = errors.map((one) => fieldsOf(one).code);
  return codes.find((code): code is string => typeof code === 'string') ?? null;
}

function framesOf(error: unknown): string {
  const { stack } = fieldsOf(error);
  if (typeof stack !== 'string') return '';
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}

function fieldsOf(error: unknown): Fields {
  return typeof error === 'object' && error !== null ? error : {};
}
