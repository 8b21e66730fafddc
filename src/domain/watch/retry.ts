/** Minutes before the second, third and each later repeat; the first follows at the next check. */
const delaysMinutes = [0, 15, 60, 240];

const dayMs = 24 * 60 * 60_000;

/** A reaction whose write failed (R100). */
export interface FailedReaction {
  /** When it was first found. */
  foundAt: Date;
  /** Writes that failed so far, this one included. */
  attempts: number;
  /**
   * Webex accepted the write, but no read showed it before the deadline: until when its answer is believed
   * all the same (R80a), so that another plan would change nothing. Null: any other failure.
   */
  believedUntil?: Date | null;
}

/**
 * When to try again what failed for one user: at the next check, then after 15 minutes, one hour, and every
 * four hours. Null: a day has passed, and a person has to act (R100). `now` is the database's (R93).
 *
 * A write that no read shows has failed only at its deadline, a day later by default. It is made once more,
 * as soon as its answer is no longer believed, and not again: each of them would take as long.
 */
export function retryAt(failed: FailedReaction, now: Date): Date | null {
  const { foundAt, attempts, believedUntil = null } = failed;
  if (believedUntil !== null) {
    return attempts === 1 ? new Date(Math.max(now.getTime(), believedUntil.getTime())) : null;
  }
  const index = Math.min(Math.max(attempts, 1), delaysMinutes.length) - 1;
  const at = new Date(now.getTime() + (delaysMinutes[index] ?? 0) * 60_000);
  return at.getTime() > foundAt.getTime() + dayMs ? null : at;
}
