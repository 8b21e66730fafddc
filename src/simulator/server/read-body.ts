import type { IncomingMessage } from 'node:http';
import { ApiError, badRequest } from './api-error';

const limitBytes = 1_048_576;

/** The whole body as text. Throws 413 above one megabyte. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes) throw new ApiError(413, 'The request body is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The body that wxc_sdk sends to empty a group isn't JSON, but Webex accepts it. */
const purgePattern = /^purgeAllValues:\s*(\{.*\})$/s;

/** Throws 415 for a body with another content type than JSON, such as that of a plain `curl -d`. */
export function checkContentType(text: string, contentType: string): void {
  const isJson = contentType === '' || /^application\/(?:[\w.-]+\+)?json\b/i.test(contentType);
  if (isJson || text === '' || purgePattern.test(text.trim())) return;
  throw new ApiError(415, `Content-Type '${contentType}' is not supported.`);
}

/** JSON or a form, by content type; undefined without a body. */
export function parseBody(text: string, contentType: string): unknown {
  if (text === '') return undefined;
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  try {
    const purge = purgePattern.exec(text.trim())?.[1];
    if (purge !== undefined) return { purgeAllValues: JSON.parse(purge) as unknown };
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest('The request body is not valid JSON.');
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
