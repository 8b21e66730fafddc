/** Repeating a write whose effect no read shows: its answer shows it (attendee accounts). */
import { eq, and, sql } from 'drizzle-orm';
import type { Change } from '../../domain/model/change';
import type { Holdings } from '../../domain/model/user';
import type { Outcome } from '../../domain/model/outcome';
import { permittingPhases } from '../../domain/rollout/rollout-phase';
import type { Db } from '../connect';
import { rolloutUser } from '../schema';
import { wasRefused } from '../sql';
import { inFlight, mayWrite } from './may-write';

export interface RepeatableWrite extends Record<string, unknown> {
  personId: string;
  changes: Change[];
  outcome: Outcome;
}

/**
 * Permission to repeat the attendee changes of a written row, except those that were refused or put
 * back; null while writing isn't allowed.
 */
export async function takeRepeat(
  db: Db,
  rolloutId: string,
  seq: number,
): Promise<RepeatableWrite | null> {
  const { rows } = await db.execute<RepeatableWrite>(sql`
    -- the rollout's row, locked against a pause, if writes may begin now; verifying repeats too
    WITH permit AS MATERIALIZED (
      SELECT r.rollout_id FROM rollout r
      WHERE r.rollout_id = ${rolloutId} AND ${mayWrite([...permittingPhases, 'verifying'])}
      FOR SHARE OF r
    )
    UPDATE rollout_user u SET in_flight_until = clock_timestamp() + ${inFlight}
    FROM permit WHERE u.rollout_id = permit.rollout_id AND u.seq = ${seq} AND u.converged_at IS NULL
      AND u.written_at IS NOT NULL AND u.repeated_at IS NULL
    RETURNING u.person_id AS "personId", u.outcome, coalesce((
      SELECT jsonb_agg(c) FROM jsonb_array_elements(u.changes) c
      WHERE c->'target'->>'kind' = 'attendee'
        AND NOT ${wasRefused(sql`u.refused`, sql`c`)}
    ), '[]') AS changes`);
  return rows[0] ?? null;
}

/** The call has returned without an answer. */
export async function endRepeat(db: Db, rolloutId: string, seq: number): Promise<void> {
  await db.update(rolloutUser).set({ inFlightUntil: null }).where(isRow(rolloutId, seq));
}

export async function recordRepeat(
  db: Db,
  input: { rolloutId: string; seq: number; answered: Holdings },
): Promise<void> {
  const { rolloutId, seq, answered } = input;
  await db
    .update(rolloutUser)
    .set({ repeatedAt: sql`now()`, answered, inFlightUntil: null })
    .where(isRow(rolloutId, seq));
}

function isRow(rolloutId: string, seq: number) {
  return and(eq(rolloutUser.rolloutId, rolloutId), eq(rolloutUser.seq, seq));
}
