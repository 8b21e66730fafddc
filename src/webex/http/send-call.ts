import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Credential } from '../port/credential';
import { exchange, type RawAnswer, type Fetch } from './exchange';
import { parseAnswer } from './parse-answer';
import { startTimeLimit, type TimeLimit } from './time-limit';
import { trackingIdOf, translateAnswer } from './translate-answer';
import type { WebexLogger } from '../port/webex-logger';

/** One request, independent of token and base URL. */
export interface Call<Schema extends z.ZodType> {
  /** Its name in Cisco's documentation: `GET /people`. */
  operation: string;
  method: 'GET' | 'PATCH';
  /** Below the base URL: `/people`. */
  path: string;
  /** SCIM is next to `/v1`, not below it. */
  isScim?: boolean;
  query?: URLSearchParams;
  body?: unknown;
  schema: Schema;
  /** What a 404 means; the default is `rejected`. */
  missing?: 'not-found' | 'rejected';
  signal?: AbortSignal | undefined;
}

export interface Answer<T> {
  status: number;
  headers: Headers;
  trackingId: string;
  body: T;
}

export type Send = <Schema extends z.ZodType>(
  call: Call<Schema>,
) => Promise<Answer<z.output<Schema>>>;

/** One finished request, for metrics. `status` is 0 if there was no answer. */
export interface CallReport {
  operation: string;
  status: number;
  durationMs: number;
}

export interface SenderOptions {
  /** With the version, without a slash at the end. */
  baseUrl: string;
  credential: Credential;
  /** For a whole call: token, request and answer. */
  timeoutMs: number;
  userAgent: string;
  /** How long a `Retry-After` is believed (R98). */
  maxRetryAfterMs: number | undefined;
  fetch: Fetch;
  now: () => number;
  logger: WebexLogger | undefined;
  onCall: ((report: CallReport) => void) | undefined;
}

/**
 * Makes the function that sends every call: with a token, a time-out and a tracking id, once more with a
 * new token after a 401, with errors translated and successes parsed. Nothing else is repeated here.
 */
export function createSender(options: SenderOptions): Send {
  return async (call) => {
    const { credential } = options;
    const limit = startTimeLimit(call.operation, options.timeoutMs);
    const token = await limit.within(credential.accessToken(call.signal));
    let attempt = await sendOnce(options, call, token, limit);
    if (attempt.answer.status === 401) {
      const other = await limit.within(credential.replace(token, call.signal));
      if (other !== null) attempt = await sendOnce(options, call, other, limit);
    }
    const { answer, trackingId, secrets } = attempt;
    const { operation, method } = call;
    const writes = method !== 'GET';
    if (answer.status < 200 || answer.status > 299) {
      const missing = call.missing ?? 'rejected';
      const nowMs = options.now();
      const { maxRetryAfterMs } = options;
      throw translateAnswer(answer, {
        operation,
        writes,
        missing,
        secrets,
        trackingId,
        nowMs,
        maxRetryAfterMs,
      });
    }
    const trackedAs = trackingIdOf(answer.headers, secrets) ?? trackingId;
    const { status, headers, text } = answer;
    const about = { operation, status, trackingId: trackedAs, outcomeUnknown: writes };
    return { status, headers, trackingId: trackedAs, body: parseAnswer(call.schema, text, about) };
  };
}

interface Attempt {
  answer: RawAnswer;
  trackingId: string;
  secrets: string[];
}

async function sendOnce(
  options: SenderOptions,
  call: Call<z.ZodType>,
  token: string,
  limit: TimeLimit,
): Promise<Attempt> {
  const { operation, method } = call;
  const timeoutMs = limit.leftMs();
  const trackingId = `SEATWISE_${randomUUID()}`;
  const query = call.query?.toString() ?? '';
  const { baseUrl } = options;
  const base = call.isScim === true ? baseUrl.replace(/\/v1$/i, '') : baseUrl;
  const startedAt = performance.now();
  const report = (status: number) => {
    const durationMs = Math.round(performance.now() - startedAt);
    options.onCall?.({ operation, status, durationMs });
    options.logger?.debug({ operation, status, durationMs, trackingId }, 'webex call');
  };
  try {
    const answer = await exchange(options.fetch, {
      operation,
      method,
      url: `${base}${call.path}${query === '' ? '' : `?${query}`}`,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        'user-agent': options.userAgent,
        trackingid: trackingId,
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: call.body === undefined ? null : JSON.stringify(call.body),
      timeoutMs,
      signal: call.signal,
      trackingId,
      secrets: [token],
      writes: method !== 'GET',
    });
    report(answer.status);
    return { answer, trackingId, secrets: [token] };
  } catch (error) {
    report(0);
    throw error;
  }
}
