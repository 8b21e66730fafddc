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
}

/**
 * Turns an answer that isn't a success into a WebexError. Its kind decides what may be tried again:
 *
 * | status                  | kind                | outcome of a write |
 * |-------------------------|---------------------|--------------------|
 * | 401, 403                | forbidden           | nothing done       |
 * | 404                     | by operation        | nothing done       |
 * | 423, 429                | throttled           | nothing done       |
 * | 408, 5xx                | unavailable         | unknown            |
 * | other 4xx, 3xx          | rejected            | nothing done       |
 */
export function translateAnswer(answer: RawAnswer, asked: Asked): WebexError {
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

/** Tracking ids appear in logs and errors, so anything that doesn't look like one is ignored. */
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

/** `Retry-After` in milliseconds, from seconds or a date; null if it isn't usable. */
function waitMs(header: string | null, nowMs: number): number | null {
  if (header === null || header.trim() === '') return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const until = Date.parse(header);
  return Number.isNaN(until) ? null : Math.max(0, until - nowMs);
}
