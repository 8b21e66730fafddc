import { Problem } from './problem';

/** Connection failures of Node and PostgreSQL's classes 08 (connection) and 57P (shutting down), 53300. */
const databaseDown =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EPIPE|ENOENT|08\w{3}|57P0\d|53300)$/;
const poolSentences =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error/;

/** Codes of zlib and brotli: the bytes aren't what the header promised, or end too early. */
const notDecoded = /^(Z_[A-Z]+_ERROR|ERR_(_|BROTLI_)\w+)$/;

/** What an error means to the caller; undefined for a bug, which is logged and not shown. */
export function toProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  for (const link of causes(error)) {
    const found = bodyProblem(link) ?? databaseProblem(link);
    if (found) return found;
  }
  return undefined;
}

function bodyProblem(error: object): Problem | undefined {
  switch (property(error, 'type')) {
    case 'entity.too.large':
      return new Problem(
        'payload-too-large',
        `The body must not be larger than ${property(error, 'limit')} bytes.`,
      );
    case 'encoding.unsupported':
      return new Problem(
        'unsupported-media-type',
        'The body must be UTF-8, plain or compressed with gzip, deflate or br.',
      );
    case 'request.aborted':
    case 'request.size.invalid':
      return new Problem('malformed-json', 'The body ended early.');
    default:
      break;
  }
  if (notDecoded.test(property(error, 'code'))) {
    return new Problem(
      'malformed-json',
      'The body is not compressed as its Content-Encoding says.',
    );
  }
  return error instanceof URIError
    ? new Problem('not-found', 'The address is malformed.')
    : undefined;
}

function databaseProblem(error: object): Problem | undefined {
  const down =
    databaseDown.test(property(error, 'code')) || poolSentences.test(property(error, 'message'));
  if (!down) return undefined;
  return new Problem('database-unavailable', 'Nothing was changed. Try again in a moment.', {
    headers: { 'Retry-After': '5' },
  });
}

/** True for PostgreSQL's unique violation of this constraint, however deep it is wrapped. */
export function violates(error: unknown, constraint: string): boolean {
  return causes(error).some(
    (link) => property(link, 'code') === '23505' && property(link, 'constraint') === constraint,
  );
}

function causes(error: unknown): object[] {
  const found: object[] = [];
  for (let link = error; typeof link === 'object' && link !== null && found.length < 8;) {
    found.push(link);
    if (link instanceof AggregateError) found.push(...(link.errors as object[]));
    link = (link as { cause?: unknown }).cause;
  }
  return found;
}

function property(error: object, name: string): string {
  const value = (error as Record<string, unknown>)[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
