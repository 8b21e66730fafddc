/** Repeating a write whose effect no read shows: the answer tells (attendee accounts). */
import type { Change } from '../../domain/model/change';
import type { Holdings } from '../../domain/model/user';
import type { Outcome } from '../../domain/model/outcome';
import type { Db } from '../connect';
import { inFlight } from './permit';

export interface RepeatableWrite {
  personId: string;
  changes: Change[];
  outcome: Outcome;
}

/**
 * Permission to repeat the attendee changes of a written row, but for those that were refused or put
 * back; null while writing isn't allowed.
 */
export async function takeRepeat(
  db: Db,
  rolloutId: string,
  seq: number,
): Promise<RepeatableWrite | null> {
  const { rows } = await db.$client.query<RepeatableWrite>(
    `WITH permit AS MATERIALIZED (
       SELECT r.rollout_id FROM rollout r
       WHERE r.rollout_id = $1 AND r.phase IN ('piloting', 'rolling-out', 'verifying')
         AND NOT r.paused AND r.hold IS NULL AND NOT EXISTS (
           SELECT 1 FROM org_pace p WHERE p.org_id = r.org_id AND p.not_before > clock_timestamp())
       FOR SHARE OF r
     )
     UPDATE rollout_user u SET in_flight_until = clock_timestamp() + ${inFlight}
     FROM permit WHERE u.rollout_id = permit.rollout_id AND u.seq = $2 AND u.converged_at IS NULL
       AND u.written_at IS NOT NULL AND u.repeated_at IS NULL
     RETURNING u.person_id AS "personId", u.outcome, coalesce((
       SELECT jsonb_agg(c) FROM jsonb_array_elements(u.changes) c
       WHERE c->'target'->>'kind' = 'attendee' AND NOT coalesce(u.refused, '[]') @> jsonb_build_array(c)
     ), '[]') AS changes`,
    [rolloutId, seq],
  );
  return rows[0] ?? null;
}

/** The call has returned without an answer. */
export async function endRepeat(db: Db, rolloutId: string, seq: number): Promise<void> {
  await db.$client.query(
    'UPDATE rollout_user SET in_flight_until = NULL WHERE rollout_id = $1 AND seq = $2',
    [rolloutId, seq],
  );
}

export async function recordRepeat(
  db: Db,
  input: { rolloutId: string; seq: number; answered: Holdings },
): Promise<void> {
  await db.$client.query(
    `UPDATE rollout_user SET repeated_at = now(), answered = $3::jsonb, in_flight_until = NULL
     WHERE rollout_id = $1 AND seq = $2`,
    [input.rolloutId, input.seq, JSON.stringify(input.answered)],
  );
}
