import { isUtf8 } from 'node:buffer';
import express, { type Request, type RequestHandler } from 'express';
import { quoted } from '../../../domain/model/wording';
import type { RawExchange } from '../exchange';
import { Problem } from '../problem';

const mediaTypes = ['application/json', 'application/*+json'];

const defaultLimitBytes = 4 * 1024 * 1024;

/** The JSON of a body in UTF-8 up to a limit; undefined if the body is empty. */
export async function readJson(
  { request, response }: Pick<RawExchange, 'request' | 'response'>,
  limitBytes = defaultLimitBytes,
): Promise<unknown> {
  const body = { isEmpty: false };
  const parse: RequestHandler = express.json({
    limit: limitBytes,
    strict: false,
    type: mediaTypes,
    verify: (_request, _response, bytes, charset) => {
      requireUtf8(bytes, charset);
      body.isEmpty = bytes.length === 0;
    },
  });
  await new Promise<void>((resolve, reject) => {
    parse(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error('the body could not be read'));
    });
  });
  // The parser makes `{}` of an empty body.
  return body.isEmpty ? undefined : (request.body as unknown);
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
  const charset = /charset\s*=\s*"?([^\s";]+)/i.exec(request.get('Content-Type') ?? '')?.[1];
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

/** Bytes that aren't UTF-8 would silently become other characters. */
function requireUtf8(bytes: Buffer, charset: string): void {
  const type = charset !== 'utf-8' ? 'charset.unsupported' : !isUtf8(bytes) && 'entity.not.utf8';
  if (type) throw Object.assign(new Error('the body is not UTF-8'), { type });
}
