import type { Exchange } from './exchange';
import { oneLine } from './one-line';
import { WebexError, type WebexErrorKind } from '../port/webex';
import { wireErrorBody, type WireErrorBody } from '../wire/wire';

export interface Asked {
  operation: string;
  writes: boolean;
  /** What a 404 means here: the thing itself is gone, or the request was wrong. */
  missing: 'not-found' | 'rejected';
  /** What must not come out in a message. */
  secrets: readonly string[];
  /** Our own tracking id, where the answer has none. */
  trackingId: string;
  nowMs: number;
}

/**
 * An answer that is no success, as the one error of this folder. Here it is decided what can be
 * tried again:
 *
 * | status                  | kind                | outcome of a write |
 * |-------------------------|---------------------|--------------------|
 * | 401, 403                | forbidden           | nothing done       |
 * | 404                     | by operation        | nothing done       |
 * | 423, 429                | throttled           | nothing done       |
 * | 408, 5xx                | unavailable         | unknown            |
 * | other 4xx, 3xx          | rejected            | nothing done       |
 */
export function translateAnswer(answer: Exchange, asked: Asked): WebexError {
  const { operation, secrets } = asked;
  const body = errorBody(answer.text);
  const trackingId =
    trackingIdOf(answer.headers) ?? trackingIdIn(body.trackingId) ?? asked.trackingId;
  const kind = kindOf(answer.status, asked.missing);
  const codes = errorCodes(body, answer.headers);
  const retryAfterMs = waitMs(answer.headers.get('retry-after'), asked.nowMs);
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

export function trackingIdOf(headers: Headers): string | null {
  return trackingIdIn(headers.get('trackingid'));
}

/** Tracking ids go into logs and errors: what doesn't look like one isn't one. */
function trackingIdIn(given: string | null | undefined): string | null {
  return given && /^[\w.:-]{1,120}$/.test(given) ? given : null;
}

function kindOf(status: number, missing: 'not-found' | 'rejected'): WebexErrorKind {
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 404) return missing;
  if (status === 423 || status === 429) return 'throttled';
  if (status === 408 || status >= 500) return 'unavailable';
  return 'rejected';
}

/** Services differ, and gateways answer HTML: what can't be read is an empty body. */
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

/** `Retry-After` in seconds or as a date; null where it says nothing usable. */
function waitMs(header: string | null, nowMs: number): number | null {
  if (header === null || header.trim() === '') return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const until = Date.parse(header);
  return Number.isNaN(until) ? null : Math.max(0, until - nowMs);
}
