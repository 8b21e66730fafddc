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
  /** What must not come out in a message. */
  secrets: readonly string[];
  /** Doing it may change something: a lost answer leaves the outcome unknown. */
  writes: boolean;
}

export interface Exchange {
  status: number;
  headers: Headers;
  text: string;
}

/** A request that was aborted ends at once; whatever goes wrong, nobody waits for it longer than this. */
const abandonMs = 250;

/** Failures of which it is certain that the request was never sent. */
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
 * One HTTP request and its whole answer, whatever its status. Throws `unavailable` (no answer, reset,
 * time-out) or `aborted`. Redirects aren't followed: the token goes where it was meant to, or nowhere.
 */
export async function exchange(fetch: Fetch, request: ExchangeRequest): Promise<Exchange> {
  const { operation, trackingId, signal, timeoutMs } = request;
  const context = { operation, trackingId };
  if (signal?.aborted) throw new WebexError('aborted', `${operation}: cancelled`, context);

  // Not AbortSignal.any: it holds on to every request of a long-lived signal.
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort('timeout'), timeoutMs);
  const onAbort = () => controller.abort();
  let giveUp: NodeJS.Timeout | undefined;
  // Many requests may share one signal: no leak, and no warning on the terminal.
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
    const outcomeUnknown = request.writes;
    if (controller.signal.reason === 'timeout') {
      const message = `${operation}: no answer within ${Math.round(timeoutMs)} ms (${trackingId})`;
      throw new WebexError('unavailable', message, { ...context, outcomeUnknown });
    }
    if (signal?.aborted) {
      const message = `${operation}: cancelled (${trackingId})`;
      throw new WebexError('aborted', message, { ...context, outcomeUnknown });
    }
    const code = codeOf(error);
    const message = `${operation}: ${oneLine(code ?? describe(error), request.secrets)} (${trackingId})`;
    throw new WebexError('unavailable', message, {
      ...context,
      outcomeUnknown: outcomeUnknown && !(code !== undefined && neverSent.has(code)),
    });
  } finally {
    clearTimeout(timer);
    clearTimeout(giveUp);
    signal?.removeEventListener('abort', onAbort);
  }
}

async function answerTo(
  fetch: Fetch,
  { url, method, headers, body }: ExchangeRequest,
  signal: AbortSignal,
): Promise<Exchange> {
  const response = await fetch(url, { method, headers, body, redirect: 'manual', signal });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** fetch hides the reason in `cause`, sometimes in an `AggregateError` one deeper. */
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
