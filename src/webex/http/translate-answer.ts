import type { RawAnswer } from './exchange';
import { oneLine } from './one-line';
import { WebexError, type WebexErrorKind } from '../port/webex';
import { wireErrorBody, type WireErrorBody } from '../wire/wire';

export interface Asked {
  operation: string;
  writes: boolean;
  /** What a 404 means here: the object is gone, or the request was wrong. */
  missing: 'not-found' | 'rejected';
  /** Must not appear in a message. */
  secrets: readonly string[];
  /** Our own tracking id, used if the answer has none. */
  trackingId: string;
  nowMs: number;
  /** How long a `Retry-After` is believed; the default is 15 minutes. */
  maxRetryAfterMs?: number | undefined;
}

/**
 * Turns an answer that isn't a success into a WebexError. Its kind decides what may be tried again:
 *
 * | status                  | kind                | outcome of a write |
 * |-------------------------|---------------------|--------------------|
 * | 401, 403                | forbidden           | nothing done       |
 * | 404                     | by operation        | nothing done       |
 * | 429                     | throttled           | nothing done       |
 * | 423                     | locked              | nothing done       |
 * | 408, 5xx                | unavailable         | unknown            |
 * | 3xx to a read           | unavailable         | –                  |
 * | other 4xx, 3xx          | rejected            | nothing done       |
 *
 * A redirect says nothing about what was read: a gateway that asks for a login sends one.
 */
export function translateAnswer(answer: RawAnswer, asked: Asked): WebexError {
  const { operation, secrets } = asked;
  const body = errorBody(answer.text);
  const trackingId =
    trackingIdOf(answer.headers, secrets) ??
    trackingIdIn(body.trackingId, secrets) ??
    asked.trackingId;
  const kind = kindOf(answer.status, asked);
  const codes = errorCodes(body, answer.headers);
  const retryAfterMs = waitMs(answer.headers, asked);
  const said = oneLine(
    [
      `${operation}: ${answer.status}`,
      body.message ?? body.errorMessage ?? '',
      codes.length > 0 ? `[${codes.join(', ')}]` : '',
      ...(body.errors ?? []).map((error) => error.description ?? ''),
    ]
      .filter((part, i, all) => part !== '' && all.indexOf(part) === i)
      .join(' '),
    secrets,
  );
  return new WebexError(kind, `${said} (${trackingId})`, {
    operation,
    status: answer.status,
    codes,
    trackingId,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
    outcomeUnknown: asked.writes && kind === 'unavailable',
  });
}

export function trackingIdOf(headers: Headers, secrets: readonly string[]): string | null {
  return trackingIdIn(headers.get('trackingid'), secrets);
}

/**
 * Tracking ids appear in logs and errors, so anything that doesn't look like one is ignored, and
 * anything that a credential is part of, or that is part of one.
 */
function trackingIdIn(given: string | null | undefined, secrets: readonly string[]): string | null {
  if (!given || !/^[\w.:-]{1,120}$/.test(given)) return null;
  const isSecret = secrets.some(
    (secret) => secret !== '' && (given.includes(secret) || isPart(given, secret)),
  );
  return isSecret ? null : given;
}

/** Shorter texts are in a credential by chance. */
function isPart(given: string, secret: string): boolean {
  return given.length >= 8 && secret.includes(given);
}

function kindOf(status: number, { missing, writes }: Asked): WebexErrorKind {
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 404) return missing;
  if (status === 429) return 'throttled';
  if (status === 423) return 'locked';
  if (status === 408 || status >= 500) return 'unavailable';
  return status < 400 && !writes ? 'unavailable' : 'rejected';
}

/** Services differ, and gateways answer with HTML: an unreadable body counts as empty. */
function errorBody(text: string): WireErrorBody {
  try {
    return wireErrorBody.catch({}).parse(JSON.parse(text));
  } catch {
    return {};
  }
}

function errorCodes(body: WireErrorBody, headers: Headers): number[] {
  const given = [body.errorCode, ...(body.errors ?? []).map((error) => error.errorCode)];
  const codes = given.filter((code) => code !== null && code !== undefined).map(Number);
  if (codes.length === 0) {
    const header = headers.get('cisco-spark-error-codes');
    codes.push(...(header === null ? [] : header.split(',').map(Number)));
  }
  return [...new Set(codes.filter(Number.isFinite))];
}

const believedMs = 15 * 60_000;

/**
 * `Retry-After` in milliseconds, from seconds or from a date, which is measured against the answer's own
 * `Date`: clocks disagree. Null, for the default wait, if it is no time ahead. Longer waits than
 * `maxRetryAfterMs` aren't believed (R98).
 */
function waitMs(headers: Headers, { nowMs, maxRetryAfterMs = believedMs }: Asked): number | null {
  const header = headers.get('retry-after')?.trim() ?? '';
  const until = Date.parse(header);
  const sentAtMs = Date.parse(headers.get('date') ?? '');
  const asked = /^\d+(\.\d+)?$/.test(header)
    ? Number(header) * 1_000
    : /[a-z]/i.test(header)
      ? until - (Number.isNaN(sentAtMs) ? nowMs : sentAtMs)
      : NaN;
  return asked > 0 ? Math.min(asked, maxRetryAfterMs) : null;
}
