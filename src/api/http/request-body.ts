import { isUtf8 } from 'node:buffer';
import type { ServerResponse } from 'node:http';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { Problem } from './problem';

const mediaTypes = ['application/json', 'application/*+json'];

/** Reads JSON in UTF-8 up to a limit. */
export function bodyParser(limitBytes: number): RequestHandler {
  return express.json({ limit: limitBytes, strict: false, type: mediaTypes, verify: expectText });
}

/** The parser makes `{}` of nothing at all. */
export function bodyOf(request: Request, response: Response): unknown {
  return response.locals.isBodyEmpty === true ? undefined : request.body;
}

/** A body that says something else than JSON is refused before it is read. */
export function requireJson(request: Request): void {
  if (!hasBody(request) || request.is(mediaTypes)) return;
  throw new Problem('unsupported-media-type', 'Send the body as application/json.', {
    headers: { Accept: 'application/json' },
  });
}

/** A streamed body is of one type, in UTF-8 unless its own mark says otherwise, and not compressed. */
export function requireType(request: Request, contentType: string): void {
  const charset = /charset\s*=\s*"?([\w-]+)/i.exec(request.get('Content-Type') ?? '')?.[1];
  const isText = charset === undefined || /^utf-?(8|16|16le)$/i.test(charset);
  const isPlain = (request.get('Content-Encoding') ?? 'identity') === 'identity';
  if (request.is(contentType) && isText && isPlain) return;
  throw new Problem(
    'unsupported-media-type',
    `Send the body as ${contentType} in UTF-8, not compressed.`,
    { headers: { Accept: contentType } },
  );
}

/** What an endpoint doesn't take it must not seem to obey: `{"preserve": false}` on a delete. */
export function refuseBody(request: Request): void {
  if (!hasBody(request)) return;
  throw new Problem('unexpected-body', 'This request takes no body.');
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Bytes that aren't UTF-8 would become other characters without a word. */
function expectText(_: unknown, response: ServerResponse, body: Buffer, charset: string): void {
  const type = charset !== 'utf-8' ? 'charset.unsupported' : !isUtf8(body) && 'entity.not.utf8';
  if (type) throw Object.assign(new Error('the body is no UTF-8'), { type });
  (response as Response).locals.isBodyEmpty = body.length === 0;
}
