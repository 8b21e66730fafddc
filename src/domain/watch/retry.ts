/** Minutes before the second, third and each later repeat; the first follows at the next check. */
const delaysMinutes = [0, 15, 60, 240];

const dayMs = 24 * 60 * 60_000;

/** A reaction whose write failed (R100). */
export interface FailedReaction {
  /** When it was first found. */
  foundAt: Date;
  /** Writes that failed so far, this one included. */
  attempts: number;
}

/**
 * When to try again what failed for one user: at the next check, then after 15 minutes, one hour, and every
 * four hours. Null: a day has passed, and a person has to act (R100). `now` is the database's (R93).
 */
export function retryAt({ foundAt, attempts }: FailedReaction, now: Date): Date | null {
  const index = Math.min(Math.max(attempts, 1), delaysMinutes.length) - 1;
  const at = new Date(now.getTime() + (delaysMinutes[index] ?? 0) * 60_000);
  return at.getTime() > foundAt.getTime() + dayMs ? null : at;
}
