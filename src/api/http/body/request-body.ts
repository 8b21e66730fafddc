import { isUtf8 } from 'node:buffer';
import express, { type Request, type RequestHandler } from 'express';
import { quoted } from '../../../domain/model/text/wording';
import type { RawExchange } from '../exchange';
import { Problem } from '../problem';
import { shapeFault } from './body-shape';
import { takeQuietTurns } from './turns';

const mediaTypes = ['application/json', 'application/*+json'];

/** More than any body has, unless it lists users. */
export const bodyLimitBytes = 256 * 1024;
/** Room for the most users that a request can name. */
export const listLimitBytes = 4 * 1024 * 1024;

/** Bodies from this size on are handled one at a time. */
const largeBytes = 32 * 1024;
const inTurnOfLarge = takeQuietTurns();

/** A body as it came: its JSON, and what to do with it in turn. */
export interface JsonBody {
  /** Undefined if the body is empty. */
  value: unknown;
  /** Runs what takes long with a large body: others have their turn before it. */
  inTurn: <T>(work: () => T) => Promise<T>;
}

/**
 * The JSON of a body in UTF-8 up to a limit. What is large only because of its shape is refused before
 * it is parsed, and of large bodies one at a time is.
 */
export async function readJson(
  exchange: Pick<RawExchange, 'request' | 'response'>,
  limitBytes = bodyLimitBytes,
): Promise<JsonBody> {
  requireUtf8Charset(exchange.request);
  const bytes = await readBytes(exchange, limitBytes);
  const inTurn: JsonBody['inTurn'] = async (work) =>
    bytes.length < largeBytes ? work() : inTurnOfLarge(work);
  return { value: bytes.length === 0 ? undefined : await inTurn(() => parsed(bytes)), inTurn };
}

async function readBytes(
  { request, response }: Pick<RawExchange, 'request' | 'response'>,
  limitBytes: number,
): Promise<Buffer> {
  const read: RequestHandler = express.raw({ limit: limitBytes, type: mediaTypes });
  await new Promise<void>((resolve, reject) => {
    read(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error('the body could not be read'));
    });
  });
  const body = request.body as unknown;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

function parsed(bytes: Buffer): unknown {
  // Bytes that aren't UTF-8 would silently become other characters.
  if (!isUtf8(bytes)) throw new Problem('malformed-json', 'The body is not valid UTF-8.');
  const fault = shapeFault(bytes);
  if (fault) throw new Problem('invalid-request', fault.detail, { errors: [fault] });
  try {
    return JSON.parse(bytes.toString().replace(/^\ufeff/, '')) as unknown;
  } catch {
    throw new Problem('malformed-json', 'The body must be one JSON document.');
  }
}

/** Refuses a body of another type than JSON before it is read. */
export function requireJson(request: Request): void {
  if (!hasBody(request) || request.is(mediaTypes)) return;
  throw new Problem('unsupported-media-type', 'Send the body as application/json.', {
    headers: { Accept: 'application/json' },
  });
}

/** A streamed body is of one type, in UTF-8 unless its own mark says otherwise, and not compressed. */
export function requireType(request: Request, contentType: string): void {
  const refuse = (detail: string) => {
    throw new Problem('unsupported-media-type', detail, { headers: { Accept: contentType } });
  };
  if (!request.is(contentType)) refuse(`Send the file with "Content-Type: ${contentType}".`);
  const charset = charsetOf(request);
  if (charset !== undefined && !/^(us-ascii|utf-?8|utf-?16(le|be)?)$/i.test(charset)) {
    refuse(
      `The charset ${quoted(charset)} is not supported: send UTF-8, or UTF-16 with a byte-order mark.`,
    );
  }
  if ((request.get('Content-Encoding') ?? 'identity').toLowerCase() === 'identity') return;
  refuse('Send the file uncompressed, without "Content-Encoding".');
}

/** An endpoint must not seem to obey what it ignores: `{"preserve": false}` on a delete. */
export function refuseBody(request: Request): void {
  if (!hasBody(request)) return;
  throw new Problem('unexpected-body', 'This request must not have a body.');
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function charsetOf(request: Request): string | undefined {
  return /charset\s*=\s*"?([^\s";]+)/i.exec(request.get('Content-Type') ?? '')?.[1];
}

function requireUtf8Charset(request: Request): void {
  const charset = charsetOf(request);
  if (charset === undefined || /^(us-ascii|utf-?8)$/i.test(charset)) return;
  const detail = `The charset ${quoted(charset)} is not supported: send UTF-8.`;
  throw new Problem('unsupported-media-type', detail, { headers: { Accept: 'application/json' } });
}
