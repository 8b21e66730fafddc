/**
 * How many users of a rollout are where. Triggers count in the statement that changes a row (see the
 * migration counters_by_wave), so that no question about a rollout has to count its rows.
 */
import { sql, type SQL } from 'drizzle-orm';

/** The figures of a tally: `counted_row` says what a row adds to each. */
export const tallyFigures = [
  'users',
  'written',
  'seen',
  'unseen',
  'untaken',
  'retryable',
  'waiting',
] as const;

/** Sums and later changes, to be added up: `FROM ${tallyOf(…)} t`. */
export function tallyOf(rolloutId: SQL | string): SQL {
  return sql`(SELECT * FROM rollout_tally WHERE rollout_id = ${rolloutId}
    UNION ALL SELECT * FROM rollout_tally_change WHERE rollout_id = ${rolloutId})`;
}

/** How many users of a rollout have yet to get an outcome, as an expression. */
export function openUsers(rolloutId: SQL | string): SQL {
  return sql`(SELECT coalesce(sum(users), 0)::int FROM ${tallyOf(rolloutId)} t
    WHERE outcome = 'planned')`;
}

/**
 * Of these, users who wait for what is owed to them (R95). They are few, and an index has them: this counts
 * rows.
 */
export function openDebts(rolloutId: SQL | string): SQL {
  return sql`(SELECT count(*)::int FROM rollout_user o WHERE o.rollout_id = ${rolloutId}
    AND o.put_back IS NOT NULL AND o.outcome = 'planned')`;
}
