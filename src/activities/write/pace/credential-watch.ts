import type { Webex } from '../../../webex/port/webex';

/** So many users in a row who may not be written: it isn't about them. */
const usersInARow = 3;
/** One check serves the calls that fail together. */
const freshMs = 2_000;
const checkMs = 5_000;

/** Tells a user who may not be written from a credential that may write nobody (R97). */
export interface CredentialWatch {
  /** A write was answered: the credential works. */
  worked(): void;
  /**
   * Whether the refusal of this user's write is about the credential. `hasWritten` says whether this
   * rollout has written anybody yet.
   */
  isLost(personId: string, hasWritten: () => Promise<boolean>): Promise<boolean>;
}

/**
 * The credential is lost if it can't read any more, or if three users in a row were refused and nobody
 * was written, neither in between nor ever in this rollout: once somebody was, it is about the users, and
 * the failure guard counts them. Each worker counts for itself.
 */
export function createCredentialWatch(webex: Pick<Webex, 'canRead'>): CredentialWatch {
  const refused = new Set<string>();
  let latest: { at: number; canRead: Promise<boolean> } | null = null;

  return {
    worked: () => refused.clear(),

    async isLost(personId, hasWritten) {
      refused.add(personId);
      const isRow = refused.size >= usersInARow;
      // After a resume, the count begins again.
      if (isRow) refused.clear();
      if (latest === null || performance.now() - latest.at > freshMs) {
        const signal = AbortSignal.timeout(checkMs);
        latest = { at: performance.now(), canRead: webex.canRead({ signal }) };
      }
      if (!(await latest.canRead)) return true;
      return isRow && !(await hasWritten());
    },
  };
}
