import { setMaxListeners } from 'node:events';
import { oneLine } from './one-line';
import { WebexError } from '../port/webex';

export type Fetch = typeof globalThis.fetch;

export interface ExchangeRequest {
  operation: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
  timeoutMs: number;
  signal: AbortSignal | undefined;
  /** Our own tracking id, for failures without an answer. */
  trackingId: string;
  /** Must not appear in a message. */
  secrets: readonly string[];
  /** The request may change something: if its answer is lost, the outcome is unknown. */
  writes: boolean;
}

/** The answer to one request, whatever its status. */
export interface RawAnswer {
  status: number;
  headers: Headers;
  text: string;
}

/** An aborted request normally ends immediately; if it doesn't, the caller stops waiting after this. */
const abandonMs = 250;

/** Failures that prove that the request was never sent. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * Sends one HTTP request and reads the whole answer, whatever its status. Throws `unavailable` (no
 * answer, reset, time-out) or `aborted`. Redirects aren't followed: the token must not reach another host.
 */
export async function exchange(fetch: Fetch, request: ExchangeRequest): Promise<RawAnswer> {
  const { operation, trackingId, signal, timeoutMs } = request;
  if (signal?.aborted) {
    throw new WebexError('aborted', `${operation}: cancelled`, { operation, trackingId });
  }

  // Not AbortSignal.any: it keeps every request of a long-lived signal in memory.
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort('timeout'), timeoutMs);
  const onAbort = () => controller.abort();
  let giveUp: NodeJS.Timeout | undefined;
  // Many requests may share one signal; that is no leak, so Node must not warn of one.
  if (signal) setMaxListeners(0, signal);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const whole = answerTo(fetch, request, controller.signal);
    const abandoned = new Promise<never>((_, reject) => {
      controller.signal.addEventListener('abort', () => {
        giveUp = setTimeout(() => reject(new Error('aborted, and never ended')), abandonMs);
      });
    });
    return await Promise.race([whole, abandoned]);
  } catch (error) {
    throw translateFailure(error, request, controller.signal.reason === 'timeout');
  } finally {
    clearTimeout(timer);
    clearTimeout(giveUp);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Why there is no answer, and whether a write may still have been done. */
function translateFailure(
  error: unknown,
  request: ExchangeRequest,
  isTimeout: boolean,
): WebexError {
  const { operation, trackingId, timeoutMs, secrets } = request;
  const context = { operation, trackingId, outcomeUnknown: request.writes };
  if (isTimeout) {
    const message = `${operation}: no answer within ${Math.round(timeoutMs)} ms (${trackingId})`;
    return new WebexError('unavailable', message, context);
  }
  if (request.signal?.aborted) {
    return new WebexError('aborted', `${operation}: cancelled (${trackingId})`, context);
  }
  const code = codeOf(error);
  const message = `${operation}: ${oneLine(code ?? describe(error), secrets)} (${trackingId})`;
  const wasSent = code === undefined || !neverSent.has(code);
  return new WebexError('unavailable', message, {
    ...context,
    outcomeUnknown: request.writes && wasSent,
  });
}

async function answerTo(
  fetch: Fetch,
  { url, method, headers, body }: ExchangeRequest,
  signal: AbortSignal,
): Promise<RawAnswer> {
  const response = await fetch(url, { method, headers, body, redirect: 'manual', signal });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** `fetch` hides the reason in `cause`, sometimes in an `AggregateError` one level deeper. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 3) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if ('cause' in error && error.cause !== undefined) return codeOf(error.cause, depth + 1);
  return undefined;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'connection failed';
  return error.cause instanceof Error ? error.cause.message : error.message;
}
