/** What a row of a rollout waits for, as SQL. */
import { sql, type SQL } from 'drizzle-orm';
import { hasLostUnit, servesWaits } from '../sql';

/** Alias of `rollout_user` in the statement. */
type RowAlias = 'u' | 'o' | 'w';

/** The pool of the change `c`, as `offerKey` names it; null for attendee accounts, which need no unit. */
export const poolOf = sql`CASE WHEN c->'target'->>'kind' = 'license'
  THEN (c->'target'->>'offer') || coalesce('@' || lower(c->'target'->>'site'), '') END`;

/** What the change `c` is about, as `grantKey` names it. */
export const grantKeyOf = sql`coalesce(${poolOf}, 'attendee@' || lower(c->'target'->>'site'))`;

/** The change `c`, as `changeKey` names it. */
const changeKeyOf = sql`((c->>'operation') || ' '
  || coalesce(c->'target'->>'licenseId', 'attendee:' || (c->'target'->>'site')))`;

/** Its waiting changes, and those that Webex had no unit for, without those that are over (R107). */
export function waitingOf(alias: RowAlias): SQL {
  const row = sql.raw(alias);
  const starved = sql`CASE WHEN ${row}.outcome IN ('waiting-for-seat', 'host-pending')
    THEN coalesce(${row}.refused, '[]'::jsonb) ELSE '[]'::jsonb END`;
  return sql`(SELECT coalesce(jsonb_agg(c ORDER BY n), '[]'::jsonb)
    FROM jsonb_array_elements(${row}.waiting || ${starved}) WITH ORDINALITY AS e(c, n)
    WHERE NOT coalesce(jsonb_exists(${row}.waits_over, ${changeKeyOf}), false))`;
}

/**
 * Whether the rollout `r` of the row `u` leaves its user waiting (R107): it was started and no longer
 * writes. What a user has lost is owed to them, whatever became of the rollout (R95).
 */
export const leavesWaiting = sql`(r.started_at IS NOT NULL AND (${servesWaits}
  OR u.outcome <> 'planned' AND ${hasLostUnit('u')}))`;
