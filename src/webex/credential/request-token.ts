import type { StoredCredential } from '../port/credential';
import { exchange, type Fetch } from '../http/exchange';
import { parseAnswer } from '../http/parse-answer';
import { translateAnswer } from '../http/translate-answer';
import { WebexError } from '../port/webex';
import { wireToken } from '../wire/wire';

export interface TokenRequest {
  baseUrl: string;
  config: { clientId: string; clientSecret: string };
  refreshToken: string;
  previous: StoredCredential | null;
  trackingId: string;
  timeoutMs: number;
  userAgent: string;
  fetch: Fetch;
  now: () => number;
}

const operation = 'POST /access_token';

/**
 * `POST /access_token` with a refresh token. Throws `forbidden` if Webex rejects the token permanently:
 * then Seatwise has to be authorized again.
 */
export async function requestToken(request: TokenRequest): Promise<StoredCredential> {
  const { config, refreshToken, previous, trackingId, now } = request;
  const obtainedAt = now();
  const secrets = [refreshToken, config.clientSecret];
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: config.clientId,
    client_secret: config.clientSecret,
    refresh_token: refreshToken,
  });
  const answer = await exchange(request.fetch, {
    operation,
    method: 'POST',
    url: `${request.baseUrl}/access_token`,
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': request.userAgent,
      trackingid: trackingId,
    },
    body: form.toString(),
    timeoutMs: request.timeoutMs,
    // Not the caller's signal: other callers wait for the same token.
    signal: undefined,
    trackingId,
    secrets,
    writes: false,
  });
  if (answer.status !== 200) {
    const error = translateAnswer(answer, {
      operation,
      writes: false,
      missing: 'rejected',
      secrets,
      trackingId,
      nowMs: now(),
    });
    throw error.kind === 'rejected'
      ? new WebexError('forbidden', error.message, error.context)
      : error;
  }
  const about = { operation, status: answer.status, trackingId, outcomeUnknown: false };
  const token = parseAnswer(wireToken, answer.text, about);
  const refreshEndsIn = token.refresh_token_expires_in;
  return {
    accessToken: token.access_token,
    refreshToken: token.refresh_token ?? refreshToken,
    scopes: token.scope ? token.scope.split(/\s+/).filter(Boolean) : (previous?.scopes ?? null),
    obtainedAt,
    accessExpiresAt: obtainedAt + token.expires_in * 1000,
    refreshExpiresAt:
      typeof refreshEndsIn === 'number'
        ? obtainedAt + refreshEndsIn * 1000
        : (previous?.refreshExpiresAt ?? null),
  };
}
