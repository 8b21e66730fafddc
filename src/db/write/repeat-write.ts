/**
 * Repeating a write whose effect no read shows: its answer shows it (attendee accounts). And additions of
 * a write of which reads show only the removals (R95).
 */
import { sql, type SQL } from 'drizzle-orm';
import type { Change } from '../../domain/model/change';
import type { Holdings } from '../../domain/model/user';
import type { Outcome } from '../../domain/model/outcome';
import { permittingPhases } from '../../domain/rollout/rollout-phase';
import type { Db, Queryable } from '../connect';
import { targetOf, wasRefused } from '../sql';
import { inFlight, mayWrite } from './may-write';
import { asOnlyCall } from './only-call';

export interface RepeatableWrite extends Record<string, unknown> {
  personId: string;
  changes: Change[];
  outcome: Outcome;
  /** What the answer to the last call showed. */
  answered: Holdings | null;
  /** The number of this call. */
  call: number;
}

/**
 * Permission to repeat the attendee changes of a written row, and the additions that the last read
 * doesn't show, except those that were refused or put back; null while writing isn't allowed, and where another rollout has changed the user since or is
 * about to: the repeated changes might undo that (R99).
 */
export async function takeRepeat(
  db: Queryable,
  rolloutId: string,
  seq: number,
): Promise<RepeatableWrite | null> {
  const take = () =>
    db.execute<RepeatableWrite>(sql`
    WITH ${mayRepeat(rolloutId)}
    UPDATE rollout_user u SET calls = u.calls + 1,
      in_flight_until = clock_timestamp() + ${inFlight}
    FROM permit WHERE u.rollout_id = permit.rollout_id AND u.seq = ${seq} AND u.converged_at IS NULL
      AND u.written_at IS NOT NULL AND u.repeated_at IS NULL AND u.outcome <> 'failed'
      AND ${isUntouchedSince(sql`u.written_at`)}
    RETURNING u.person_id AS "personId", u.outcome, u.answered, u.calls AS call, coalesce((
      SELECT jsonb_agg(c) FROM jsonb_array_elements(u.changes) c
      WHERE (c->'target'->>'kind' = 'attendee' OR ${isUnshownAddition})
        AND NOT ${wasRefused(sql`u.refused`, sql`c`)}
    ), '[]') AS changes`);
  const taken = await asOnlyCall(db, { rolloutId, seq }, take);
  return taken?.rows[0] ?? null;
}

/** The change `c` of row `u` adds a license that the last read doesn't show. */
const isUnshownAddition = sql`(c->>'operation' = 'add' AND c->'target'->>'kind' = 'license'
  AND c->'calling' IS NULL AND EXISTS (SELECT 1 FROM directory_user d WHERE d.org_id = u.org_id
    AND d.person_id = u.person_id AND NOT jsonb_exists(d.licenses, c->'target'->>'licenseId')))`;

/** The rollout's row as `permit`, locked against a pause, if writes may begin now; verifying repeats too. */
export function mayRepeat(rolloutId: string): SQL {
  return sql`permit AS MATERIALIZED (
      SELECT r.rollout_id FROM rollout r
      WHERE r.rollout_id = ${rolloutId} AND ${mayWrite([...permittingPhases, 'verifying'])}
      FOR SHARE OF r
    )`;
}

/** No other rollout has changed the user of row `u` since, or is about to. */
export function isUntouchedSince(since: SQL): SQL {
  return sql`(NOT EXISTS (SELECT 1 FROM ledger l WHERE l.org_id = u.org_id
        AND l.person_id = u.person_id AND l.rollout_id <> u.rollout_id AND l.at > ${since})
      AND ${hasNoOpenWrite})`;
}

/** No other rollout is about to change the user of row `u`. */
export const hasNoOpenWrite = sql`NOT EXISTS (SELECT 1 FROM rollout_user o
        WHERE o.org_id = u.org_id AND o.person_id = u.person_id AND o.rollout_id <> u.rollout_id
        AND (o.outcome = 'planned' AND o.intent_at IS NOT NULL
          OR o.in_flight_until > clock_timestamp()))`;

/** The call has returned without an answer. */
export async function endRepeat(
  db: Db,
  { rolloutId, seq, call }: Pick<RecordedRepeat, 'rolloutId' | 'seq' | 'call'>,
): Promise<void> {
  // a later call may be under way: its end is its own
  await db.execute(sql`
    UPDATE rollout_user SET in_flight_until = NULL
    WHERE rollout_id = ${rolloutId} AND seq = ${seq} AND calls = ${call}`);
}

export interface RecordedRepeat {
  rolloutId: string;
  seq: number;
  call: number;
  answered: Holdings;
  /** What the repeated call has changed: an entry of the ledger each. */
  changed: readonly Change[];
}

/** Records the answer in row, mirror and ledger together, once. */
export async function recordRepeat(db: Db, repeat: RecordedRepeat): Promise<void> {
  const { rolloutId, seq, call } = repeat;
  const answered = JSON.stringify(repeat.answered);
  await db.execute(sql`
    WITH row AS (
      UPDATE rollout_user SET repeated_at = now(), answered = ${answered}::jsonb,
        in_flight_until = NULL
      WHERE rollout_id = ${rolloutId} AND seq = ${seq} AND calls = ${call} AND repeated_at IS NULL
      RETURNING org_id, person_id, rollout_id, seq, calls
    ), mirror AS (
      UPDATE mirror_user d SET answered = ${answered}::jsonb, answered_at = now()
      FROM row JOIN org_number o USING (org_id)
      WHERE d.org_no = o.org_no AND d.person_id = row.person_id
    )
    INSERT INTO ledger (org_id, person_id, rollout_id, seq, attempt, operation, target, change, actor)
    SELECT row.org_id, row.person_id, row.rollout_id, row.seq, row.calls, c->>'operation',
      ${targetOf('c')}, c, 'rollout'
    FROM row, jsonb_array_elements(${JSON.stringify(repeat.changed)}::jsonb) c
    ON CONFLICT DO NOTHING`);
}
