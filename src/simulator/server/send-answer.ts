import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ApiError } from './api-error';

const compress = promisify(gzip);
/** Smaller bodies cost more to compress than to send. */
const compressAboveBytes = 4096;

const fixedHeaders = {
  Server: 'istio-envoy',
  Vary: 'Origin',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-cache, no-store',
};

export interface Reply {
  status: number;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** Writes a reply as webexapis.com does; resolves to whether the caller received all of it. */
export async function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  context: { trackingId: string; startedAt: number },
): Promise<boolean> {
  // The caller may have disconnected while the answer was delayed.
  if (response.destroyed) return false;
  const headers: Record<string, string | number> = {
    ...fixedHeaders,
    Trackingid: context.trackingId,
    'X-Envoy-Upstream-Service-Time': Math.round(performance.now() - context.startedAt),
    ...reply.headers,
  };
  let body: Buffer | undefined;
  if (reply.body !== undefined) {
    body = Buffer.from(JSON.stringify(reply.body));
    headers['Content-Type'] ??= 'application/json;charset=UTF-8';
    const accepts = request.headers['accept-encoding'] ?? '';
    if (body.length > compressAboveBytes && accepts.includes('gzip')) {
      body = await compress(body, { level: 1 });
      headers['Content-Encoding'] = 'gzip';
      headers.Vary = 'Origin, Accept-Encoding';
    }
  }
  if (reply.status !== 204) headers['Content-Length'] = body?.length ?? 0;
  return new Promise((resolve) => {
    response.once('finish', () => resolve(true));
    response.once('close', () => resolve(response.writableFinished));
    response.once('error', () => resolve(false));
    response.writeHead(reply.status, headers);
    response.end(body);
  });
}

const scimError = 'urn:ietf:params:scim:api:messages:2.0:Error';
const scimWebexError = 'urn:scim:schemas:extension:cisco:webexidentity:api:messages:2.0:Error';

/** An error as the REST API or SCIM writes it. */
export function errorReply(error: ApiError, trackingId: string, isScim: boolean): Reply {
  if (!isScim) {
    const codes = error.errors.flatMap((one) => one.errorCode ?? []).join(',');
    const headers =
      codes === '' ? error.headers : { ...error.headers, 'Cisco-Spark-Error-Codes': codes };
    const body = { message: error.message, errors: error.errors, trackingId };
    return { status: error.status, body, headers };
  }
  const errorCode = String(error.errors[0]?.errorCode ?? 200000);
  const body = {
    schemas: [scimError, scimWebexError],
    status: String(error.status),
    [scimWebexError]: { trackingId, errorCode, details: error.message },
  };
  return { status: error.status, body, headers: error.headers };
}
