/** The reaction `e` of the user `u`, as columns of a statement that reads candidates. */
import { sql, type SQL } from 'drizzle-orm';
import { codesThatHoldRemovals } from '../../domain/model/note';
import { hasLostUnit, isWaiting } from '../sql';
import { waitingOf } from './waiting-changes';

/** Null where the join found no reaction. */
export const reactionColumn = sql`CASE WHEN e.reaction_id IS NOT NULL
  THEN jsonb_build_object('mode', e.mode, 'causes', e.causes) END`;

const holdsRemovals = codesThatHoldRemovals.map((code) => `@.code == "${code}"`).join(' || ');
const areRemovalsHeld = sql`coalesce(o.blocked @? ${`$[*] ? (${holdsRemovals})`}::jsonpath, false)`;

/**
 * Changes that waited for a unit in the rollouts that the reaction names (R46), and that no other rollout
 * has taken up since.
 */
export const waitingColumn: SQL = sql`(SELECT jsonb_agg(w.change)
  FROM jsonb_array_elements(e.causes) cause
    JOIN rollout_user o ON o.rollout_id = (cause->>'rolloutId')::uuid AND o.person_id = u.person_id,
    LATERAL jsonb_array_elements(${waitingOf('o')}) AS w(change)
  WHERE cause->>'kind' = 'units-free'
    AND (o.taken_up_by IS NULL OR e.rollout_id IS NULL OR o.taken_up_by = e.rollout_id)
    AND (w.change->>'operation' = 'add' OR NOT ${areRemovalsHeld}))`;

/**
 * Changes that the user waits for since earlier rollouts and that none has taken up (R107); null: none.
 * What the rollout `takenFrom` left is no other rollout's to the one that takes it up.
 */
export function waitsColumn(takenFrom: string | null): SQL {
  const isOther = takenFrom === null ? sql`true` : sql`w.rollout_id <> ${takenFrom}`;
  return sql`(SELECT jsonb_agg(c.change)
    FROM rollout_user w JOIN rollout r USING (rollout_id),
      LATERAL jsonb_array_elements(${waitingOf('w')}) AS c(change)
    WHERE w.org_id = u.org_id AND w.person_id = u.person_id AND ${isWaiting('w')}
      AND r.started_at IS NOT NULL AND ${isOther}
      AND (r.phase NOT IN ('aborted', 'failed') OR ${hasLostUnit('w')}))`;
}
