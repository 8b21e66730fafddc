/** The reaction `e` of the user `u`, as columns of a statement that reads candidates. */
import { sql, type SQL } from 'drizzle-orm';
import { codesThatHoldRemovals } from '../../domain/model/note';

/** Null where the join found no reaction. */
export const reactionColumn = sql`CASE WHEN e.reaction_id IS NOT NULL
  THEN jsonb_build_object('mode', e.mode, 'causes', e.causes) END`;

const holdsRemovals = codesThatHoldRemovals.map((code) => `@.code == "${code}"`).join(' || ');
const areRemovalsHeld = sql`coalesce(o.blocked @? ${`$[*] ? (${holdsRemovals})`}::jsonpath, false)`;

/** Changes of earlier rollouts `o` for which Webex had no unit at the write. */
const refusedForUnits = sql`CASE WHEN o.outcome IN ('waiting-for-seat', 'host-pending')
  THEN coalesce(o.refused, '[]'::jsonb) ELSE '[]'::jsonb END`;

/** Changes that waited for a unit in the rollouts that the reaction names (R46). */
export const waitingColumn: SQL = sql`(SELECT jsonb_agg(w.change)
  FROM jsonb_array_elements(e.causes) cause
    JOIN rollout_user o ON o.rollout_id = (cause->>'rolloutId')::uuid AND o.person_id = u.person_id,
    LATERAL jsonb_array_elements(o.waiting || ${refusedForUnits}) AS w(change)
  WHERE cause->>'kind' = 'units-free'
    AND (w.change->>'operation' = 'add' OR NOT ${areRemovalsHeld}))`;
