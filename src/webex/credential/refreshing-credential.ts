import { randomUUID } from 'node:crypto';
import type {
  Credential,
  CredentialConfig,
  CredentialFacts,
  StoredCredential,
} from '../port/credential';
import type { Fetch } from '../http/exchange';
import { oneLine } from '../http/one-line';
import { orAborted } from '../http/or-aborted';
import { requestToken } from './request-token';
import { WebexError } from '../port/webex';
import type { WebexLogger } from '../port/webex-logger';

const operation = 'POST /access_token';
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** The first warning is logged this long before the refresh token expires, then one per day. */
const warnBeforeMs = 14 * dayMs;
/** After a failed early refresh, the old token is used this long before the next attempt. */
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

/** Creates the credential of an integration or service app. */
export function createRefreshingCredential(options: RefreshingOptions): Credential {
  return new RefreshingCredential(options);
}

/**
 * Tokens of an integration or service app. They are refreshed before they expire (in the last tenth of
 * their lifetime, at most a day) or after a 401: one refresh at a time in this process, and, by the
 * store's lock, among all workers. If another worker has refreshed the tokens, they are used as they are.
 */
class RefreshingCredential implements Credential {
  private current: StoredCredential | null = null;
  private underWay: Promise<StoredCredential> | null = null;
  private notBefore = 0;
  private warnedAt = -Infinity;

  constructor(private readonly options: RefreshingOptions) {}

  async accessToken(signal?: AbortSignal): Promise<string> {
    const { now, logger } = this.options;
    const { current } = this;
    if (!current) return this.renewed(this.isDue, signal);
    this.warnOfEnd(current);
    if (!this.isDue(current) || now() < this.notBefore) return current.accessToken;
    try {
      return await this.renewed(this.isDue, signal);
    } catch (error) {
      if (signal?.aborted || now() >= current.accessExpiresAt) throw error;
      this.notBefore = now() + retryEarlyMs;
      const reason = error instanceof Error ? error.message : 'unknown';
      logger?.warn({ reason }, 'the Webex token could not be refreshed early; the old one is used');
      return current.accessToken;
    }
  }

  async replace(refused: string, signal?: AbortSignal): Promise<string | null> {
    const { current } = this;
    if (current && current.accessToken !== refused) return current.accessToken;
    const isStale: IsStale = (tokens) => tokens.accessToken === refused || this.isDue(tokens);
    const fresh = await this.renewed(isStale, signal);
    return fresh === refused ? null : fresh;
  }

  describe(): CredentialFacts {
    const { current } = this;
    return {
      accessExpiresAt: toDate(current?.accessExpiresAt ?? null),
      refreshExpiresAt: toDate(current?.refreshExpiresAt ?? null),
      scopes: current?.scopes ?? null,
    };
  }

  private readonly isDue: IsStale = (tokens) =>
    this.options.now() >= tokens.accessExpiresAt - marginMs(tokens);

  /** The access token after a refresh; an abort ends the wait, not the refresh that others wait for. */
  private async renewed(isStale: IsStale, signal: AbortSignal | undefined): Promise<string> {
    this.underWay ??= this.renew(isStale).finally(() => {
      this.underWay = null;
    });
    return (await orAborted(this.underWay, { operation, signal })).accessToken;
  }

  /** `isStale` decides which tokens have to be replaced; the store may have newer ones already. */
  private async renew(isStale: IsStale): Promise<StoredCredential> {
    const { config } = this.options;
    const refresh = async (known: StoredCredential | null) => {
      if (known && !isStale(known)) return known;
      const refreshToken = known?.refreshToken ?? config.refreshToken;
      const trackingId = `SEATWISE_${randomUUID()}`;
      return requestToken({ ...this.options, refreshToken, trackingId, previous: known });
    };
    const { store } = config;
    const fresh = await (store ? throughStore(store, refresh) : refresh(this.current));
    this.current = fresh;
    this.warnOfEnd(fresh);
    return fresh;
  }

  private warnOfEnd({ refreshExpiresAt }: StoredCredential): void {
    const { now, logger } = this.options;
    if (refreshExpiresAt === null || refreshExpiresAt - now() > warnBeforeMs) return;
    if (now() - this.warnedAt < dayMs) return;
    this.warnedAt = now();
    logger?.warn(
      { refreshExpiresAt: new Date(refreshExpiresAt).toISOString() },
      'the Webex refresh token expires soon: authorize Seatwise again before then',
    );
  }
}

function toDate(epochMs: number | null): Date | null {
  return epochMs === null ? null : new Date(epochMs);
}

function marginMs({ obtainedAt, accessExpiresAt }: StoredCredential): number {
  return Math.min(dayMs, (accessExpiresAt - obtainedAt) / 10);
}

type IsStale = (tokens: StoredCredential) => boolean;
type Refresh = (known: StoredCredential | null) => Promise<StoredCredential>;

/** Turns failures of the store into a WebexError; those of the refresh are one already. */
async function throughStore(
  store: { update(renew: Refresh): Promise<StoredCredential> },
  refresh: Refresh,
): Promise<StoredCredential> {
  // Once Webex has answered, the new tokens are used even if they couldn't be stored.
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
    // The message of a failed query contains its whole text, over several lines.
    const reason = error instanceof Error ? oneLine(error.message.split('\n')[0] ?? '') : 'unknown';
    const message = `${operation}: the stored Webex tokens can't be read: ${reason}`;
    throw new WebexError('unavailable', message, { operation });
  }
}
