/** Who loses something, and how old the member lists may be that decide about it (R101). */
import { sql, type SQL } from 'drizzle-orm';

/** Row `u` waits for its write, which takes something that nothing replaces. */
export const takes = sql`(u.outcome = 'planned' AND u.intent_at IS NULL AND jsonb_path_exists(u.changes,
  '$[*] ? (@.operation == "remove" && @.replacement == false)'))`;

/**
 * Whether row `u` of rollout `r` loses nothing, or who belongs to the groups that decide was read in time:
 * `beganAt` is when the oldest of their lists began to be read.
 */
export function isAsRead({ beganAt, freshForMs }: { beganAt: SQL; freshForMs: SQL }): SQL {
  return sql`(NOT ${takes} OR ${beganAt} >= ${sinceThen(freshForMs)})`;
}

/** Of rollout `r`: a list that began to be read before this is not as of now. */
export function sinceThen(freshForMs: SQL): SQL {
  return sql`greatest(r.went_on_at, clock_timestamp() - ${freshForMs} * interval '1 ms')`;
}
