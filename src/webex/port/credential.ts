/** Where access tokens come from. */
export interface Credential {
  /** A token that should be good now; refreshes it where that is due. */
  accessToken(signal?: AbortSignal): Promise<string>;
  /** After a 401 with `refused`: another token to try once, or null where there is none. */
  replace(refused: string, signal?: AbortSignal): Promise<string | null>;
  /** What is known about the tokens without asking Webex. */
  describe(): CredentialFacts;
}

export interface CredentialFacts {
  accessExpiresAt: Date | null;
  refreshExpiresAt: Date | null;
  /** Scopes as the token answer listed them; null where it didn't. */
  scopes: string[] | null;
}

/** How Seatwise is let in: a token as it is, or an integration's or service app's refresh token. */
export type CredentialConfig =
  | { kind: 'token'; accessToken: string }
  | {
      kind: 'refresh';
      clientId: string;
      clientSecret: string;
      refreshToken: string;
      /** Keeps refreshed tokens, for all workers; without one they live and end with this process. */
      store?: CredentialStore;
    };

/** Tokens as they are kept, encrypted, between processes. Times are epoch milliseconds. */
export interface StoredCredential {
  accessToken: string;
  refreshToken: string;
  scopes: string[] | null;
  obtainedAt: number;
  accessExpiresAt: number;
  refreshExpiresAt: number | null;
}

/** One credential, shared by all workers. */
export interface CredentialStore {
  /** The newest tokens that any worker saved; null before the first refresh. */
  load(): Promise<StoredCredential | null>;
  /**
   * Runs `renew` while no other worker can: with the newest tokens in, and saves what comes out
   * unless it is the same.
   */
  update(
    renew: (current: StoredCredential | null) => Promise<StoredCredential>,
  ): Promise<StoredCredential>;
}

/** A token that somebody else looks after. */
export function fixedCredential(accessToken: string): Credential {
  return {
    accessToken: () => Promise.resolve(accessToken),
    replace: () => Promise.resolve(null),
    describe: () => ({ accessExpiresAt: null, refreshExpiresAt: null, scopes: null }),
  };
}
