import { randomUUID } from 'node:crypto';
import type { Credential, CredentialConfig, StoredCredential } from '../port/credential';
import type { Fetch } from '../http/exchange';
import { oneLine } from '../http/one-line';
import { requestToken } from './request-token';
import { WebexError } from '../port/webex';
import type { WebexLogger } from '../port/webex-logger';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** The warning comes this long before the refresh token ends, and then once a day. */
const warnBeforeMs = 14 * dayMs;
/** After a failed early refresh the old token serves on; the next try is not at once. */
const retryEarlyMs = minuteMs;

export interface RefreshingOptions {
  config: Extract<CredentialConfig, { kind: 'refresh' }>;
  baseUrl: string;
  timeoutMs: number;
  userAgent: string;
  fetch: Fetch;
  now: () => number;
  logger: WebexLogger | undefined;
}

/**
 * Tokens of an integration or service app: refreshed before they end (in the last tenth of their
 * life, at most a day), or after a 401; one refresh at a time in this process, and by the store's lock
 * among all workers. What another worker refreshed is taken up instead of refreshing again.
 */
export function createRefreshingCredential(options: RefreshingOptions): Credential {
  const { config, now, logger } = options;
  let current: StoredCredential | null = null;
  let underWay: Promise<StoredCredential> | null = null;
  let notBefore = 0;
  let warnedAt = -Infinity;

  const isDue = (tokens: StoredCredential) => now() >= tokens.accessExpiresAt - marginMs(tokens);

  /** `isStale` says which tokens won't do; the store may have newer ones already. */
  const renew = (isStale: (tokens: StoredCredential) => boolean) => {
    underWay ??= renewOnce(isStale).finally(() => {
      underWay = null;
    });
    return underWay;
  };

  const renewOnce = async (isStale: (tokens: StoredCredential) => boolean) => {
    const refresh = async (known: StoredCredential | null) => {
      if (known && !isStale(known)) return known;
      const refreshToken = known?.refreshToken ?? config.refreshToken;
      const trackingId = `SEATWISE_${randomUUID()}`;
      return requestToken({ ...options, refreshToken, trackingId, previous: known });
    };
    const fresh = await (config.store ? throughStore(config.store, refresh) : refresh(current));
    current = fresh;
    warnOfEnd(fresh);
    return fresh;
  };

  const warnOfEnd = ({ refreshExpiresAt }: StoredCredential) => {
    if (refreshExpiresAt === null || refreshExpiresAt - now() > warnBeforeMs) return;
    if (now() - warnedAt < dayMs) return;
    warnedAt = now();
    logger?.warn(
      { refreshExpiresAt: new Date(refreshExpiresAt).toISOString() },
      'the Webex refresh token ends soon: authorize Seatwise again before then',
    );
  };

  return {
    async accessToken(signal) {
      if (!current) return (await abortable(renew(isDue), signal)).accessToken;
      warnOfEnd(current);
      if (!isDue(current) || now() < notBefore) return current.accessToken;
      try {
        return (await abortable(renew(isDue), signal)).accessToken;
      } catch (error) {
        if (signal?.aborted || now() >= current.accessExpiresAt) throw error;
        notBefore = now() + retryEarlyMs;
        const reason = error instanceof Error ? error.message : 'unknown';
        logger?.warn(
          { reason },
          'the Webex token could not be refreshed early; the old one serves on',
        );
        return current.accessToken;
      }
    },
    async replace(refused, signal) {
      if (current && current.accessToken !== refused) return current.accessToken;
      const fresh = await abortable(
        renew((tokens) => tokens.accessToken === refused || isDue(tokens)),
        signal,
      );
      return fresh.accessToken === refused ? null : fresh.accessToken;
    },
    describe: () => ({
      accessExpiresAt: toDate(current?.accessExpiresAt ?? null),
      refreshExpiresAt: toDate(current?.refreshExpiresAt ?? null),
      scopes: current?.scopes ?? null,
    }),
  };
}

function toDate(epochMs: number | null): Date | null {
  return epochMs === null ? null : new Date(epochMs);
}

function marginMs({ obtainedAt, accessExpiresAt }: StoredCredential): number {
  return Math.min(dayMs, (accessExpiresAt - obtainedAt) / 10);
}

type Refresh = (known: StoredCredential | null) => Promise<StoredCredential>;

/** Failures of the store become ours; those of the refresh pass as they are. */
async function throughStore(
  store: { update(renew: Refresh): Promise<StoredCredential> },
  refresh: Refresh,
): Promise<StoredCredential> {
  const operation = 'POST /access_token';
  // Once Webex has answered, the tokens count, whether they could be kept or not.
  const answered: StoredCredential[] = [];
  try {
    return await store.update(async (known) => {
      const fresh = await refresh(known);
      answered.push(fresh);
      return fresh;
    });
  } catch (error) {
    if (error instanceof WebexError) throw error;
    if (answered[0]) return answered[0];
    // Failed queries say their whole text, over several lines.
    const reason = error instanceof Error ? oneLine(error.message.split('\n')[0] ?? '') : 'unknown';
    const message = `${operation}: the kept Webex tokens can't be read: ${reason}`;
    throw new WebexError('unavailable', message, { operation });
  }
}

/** The refresh goes on for the others who wait for it; only this caller stops waiting. */
function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  const operation = 'POST /access_token';
  return new Promise((resolve, reject) => {
    const onAbort = () =>
      reject(new WebexError('aborted', `${operation}: cancelled`, { operation }));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const done = () => signal.removeEventListener('abort', onAbort);
    work.then(resolve, reject).finally(done);
  });
}
