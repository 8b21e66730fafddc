/** A source of access tokens. */
export interface Credential {
  /** A token that should be valid now; refreshes it when due. */
  accessToken(signal?: AbortSignal): Promise<string>;
  /** After a 401 for `refused`: another token to try once, or null if there is none. */
  replace(refused: string, signal?: AbortSignal): Promise<string | null>;
  /** What is known about the tokens, without asking Webex. */
  describe(): CredentialFacts;
}

export interface CredentialFacts {
  accessExpiresAt: Date | null;
  refreshExpiresAt: Date | null;
  /** Scopes from the answer that issued the token; null if it had none. */
  scopes: string[] | null;
}

/** How Seatwise authenticates: a fixed token, or the refresh token of an integration or service app. */
export type CredentialConfig =
  | { kind: 'token'; accessToken: string }
  | {
      kind: 'refresh';
      clientId: string;
      clientSecret: string;
      refreshToken: string;
      /** Keeps refreshed tokens for all workers; without a store they last as long as this process. */
      store?: CredentialStore;
    };

/** Tokens as the store keeps them, encrypted. Times are epoch milliseconds. */
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

/** A fixed token, which is never refreshed. */
export function fixedCredential(accessToken: string): Credential {
  return {
    accessToken: () => Promise.resolve(accessToken),
    replace: () => Promise.resolve(null),
    describe: () => ({ accessExpiresAt: null, refreshExpiresAt: null, scopes: null }),
  };
}
