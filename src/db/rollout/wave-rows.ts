/** Rows that the write and the verification of a wave read and change, in batches. */
import { sql } from 'drizzle-orm';
import type { Change } from '../../domain/model/change';
import type { Holdings } from '../../domain/model/user';
import type { Db, Queryable } from '../connect';
import { believedHoldings, hasLostUnit, integerList, targetOf, textList, wasRefused } from '../sql';
import { guardFromHere, lockedRollout } from '../write/failure-guard';
import { tallyOf } from '../write/tally';

/** Outcomes of rows whose changes were written. A read may show them or not. */
const writtenOutcomes = sql`('applied', 'partial', 'waiting-for-seat', 'host-pending')`;

export interface ShardRow extends Record<string, unknown> {
  seq: number;
  step: number;
  email: string;
  personId: string;
  changes: Change[];
}

export async function shardPage(
  db: Db,
  input: { rolloutId: string; wave: number; fromSeq: number; toSeq: number; limit: number },
): Promise<ShardRow[]> {
  const { rows } = await db.execute<ShardRow>(sql`
    SELECT seq, coalesce(step, 0)::int AS step, email, person_id AS "personId", changes FROM rollout_user
    WHERE rollout_id = ${input.rolloutId} AND wave = ${input.wave} AND outcome = 'planned'
      AND seq BETWEEN ${input.fromSeq} AND ${input.toSeq}
    ORDER BY seq LIMIT ${input.limit}`);
  return rows;
}

/** Users of a wave who wait for their write. */
export async function plannedPersons(db: Db, rolloutId: string, wave: number): Promise<string[]> {
  const { rows } = await db.execute<{ personId: string }>(sql`
    SELECT person_id AS "personId" FROM rollout_user
    WHERE rollout_id = ${rolloutId} AND wave = ${wave} AND outcome = 'planned' ORDER BY seq`);
  return rows.map(({ personId }) => personId);
}

export interface PlannedRow extends Record<string, unknown> {
  seq: number;
  before: Holdings;
  expected: Holdings;
  now: Holdings;
  /** An earlier write, whose answer was lost, may have changed the user. */
  isRetry: boolean;
}

/** Plan and believed holdings of those of these persons who wait for their write in this wave. */
export async function plannedAgainstMirror(
  db: Db,
  input: { rolloutId: string; wave: number; personIds: readonly string[] },
): Promise<PlannedRow[]> {
  const { rows } = await db.execute<PlannedRow>(sql`
    SELECT u.seq, u.before, u.expected, r.retries > 0 AS "isRetry",
      ${believedHoldings('d')} AS now
    FROM rollout_user u JOIN rollout r USING (rollout_id)
      JOIN directory_user d ON d.org_id = u.org_id AND d.person_id = u.person_id
    WHERE u.rollout_id = ${input.rolloutId} AND u.wave = ${input.wave} AND u.outcome = 'planned'
      AND u.intent_at IS NULL AND u.put_back IS NULL
      AND u.person_id IN ${textList(input.personIds)}`);
  return rows;
}

/** Ends rows before their write. Rows with an open intent are left out: their write has to end first. */
export async function recordUnwritten(
  db: Queryable,
  input: {
    rolloutId: string;
    seqs: readonly number[];
    outcome: 'conflict' | 'gone';
    detail: string;
  },
): Promise<void> {
  if (input.seqs.length === 0) return;
  await db.execute(sql`
    UPDATE rollout_user SET outcome = ${input.outcome}, detail = ${input.detail}
    WHERE rollout_id = ${input.rolloutId} AND outcome = 'planned' AND intent_at IS NULL
      AND seq IN ${integerList(input.seqs)}`);
}

const isUnconverged = (waves: readonly number[]) => sql`u.converged_at IS NULL
  AND u.outcome IN ${writtenOutcomes} AND (u.written_at IS NOT NULL OR u.outcome = 'applied')
  AND u.wave IN ${integerList(waves)}`;

/** Persons whose written changes no read has shown yet. */
export async function unconvergedPersons(
  db: Db,
  rolloutId: string,
  waves: readonly number[],
): Promise<string[]> {
  const { rows } = await db.execute<{ personId: string }>(sql`
    SELECT u.person_id AS "personId" FROM rollout_user u
    WHERE u.rollout_id = ${rolloutId} AND ${isUnconverged(waves)} ORDER BY u.seq`);
  return rows.map(({ personId }) => personId);
}

export interface UnconvergedRow extends Record<string, unknown> {
  seq: number;
  personId: string;
  changes: Change[];
  refused: Change[] | null;
  /** The answer of a repeated write; null where none was made. */
  repeated: Holdings | null;
  /** Written five minutes ago, or half the time until the deadline. */
  isLate: boolean;
  /** Targets of changes that another rollout has changed since: no read has to show these. */
  superseded: string[];
}

/** Another rollout has changed the target of the change `c` of row `u` since that was written. */
const isSuperseded = sql`EXISTS (SELECT 1 FROM ledger l WHERE l.org_id = u.org_id
  AND l.person_id = u.person_id AND l.rollout_id <> u.rollout_id AND l.at > u.written_at
  AND l.target = ${targetOf('c')})`;

export async function unconvergedRows(
  db: Db,
  input: { rolloutId: string; waves: readonly number[]; personIds: readonly string[] },
): Promise<UnconvergedRow[]> {
  const { rows } = await db.execute<UnconvergedRow>(sql`
    SELECT u.seq, u.person_id AS "personId", u.changes, u.refused,
      CASE WHEN u.repeated_at IS NOT NULL THEN u.answered END AS repeated,
      now() >= u.written_at + least(interval '5 minutes', (r.deadline_at - u.written_at) / 2) AS "isLate",
      (SELECT coalesce(jsonb_agg(${targetOf('c')}), '[]') FROM jsonb_array_elements(u.changes) AS c
        WHERE ${isSuperseded}) AS superseded
    FROM rollout_user u JOIN rollout r USING (rollout_id)
    WHERE u.rollout_id = ${input.rolloutId} AND ${isUnconverged(input.waves)}
      AND u.person_id IN ${textList(input.personIds)}`);
  return rows;
}

/** Marks rows whose changes a read has shown. `applied` becomes `converged`; other outcomes don't change. */
export async function markConverged(
  db: Db,
  rolloutId: string,
  seqs: readonly number[],
): Promise<void> {
  if (seqs.length === 0) return;
  await db.execute(sql`
    UPDATE rollout_user SET converged_at = now(),
      outcome = CASE WHEN outcome = 'applied' THEN 'converged' ELSE outcome END
    WHERE rollout_id = ${rolloutId} AND converged_at IS NULL AND outcome IN ${writtenOutcomes}
      AND seq IN ${integerList(seqs)}`);
}

/** How many rows `isUnconverged` is true of. */
export async function countUnconverged(
  db: Db,
  rolloutId: string,
  waves: readonly number[],
): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(sql`
    SELECT coalesce(sum(CASE WHEN outcome = 'applied' THEN users - seen ELSE unseen END), 0)::int AS n
    FROM ${tallyOf(rolloutId)} t
    WHERE outcome IN ${writtenOutcomes} AND wave IN ${integerList(waves)}`);
  return rows[0]?.n ?? 0;
}

/**
 * Rows of which other rollouts have changed everything since: what these rollouts wrote is verified, and
 * what this one wrote is no longer there to be seen. Cheap while no other rollout has written.
 */
export async function markSuperseded(
  db: Db,
  rolloutId: string,
  waves: readonly number[],
): Promise<number> {
  const { rows } = await db.execute(sql`
    UPDATE rollout_user u SET outcome = 'superseded',
      detail = 'another rollout has changed the same since, before a read showed this change'
    FROM rollout r
    WHERE r.rollout_id = ${rolloutId} AND u.rollout_id = r.rollout_id AND u.outcome = 'applied'
      AND ${isUnconverged(waves)}
      AND EXISTS (SELECT 1 FROM rollout o WHERE o.org_id = r.org_id AND o.users_written > 0
        AND o.rollout_id <> r.rollout_id AND (o.ended_at IS NULL OR o.ended_at > r.started_at))
      AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(u.changes) AS c
        WHERE NOT ${wasRefused(sql`u.refused`, sql`c`)} AND NOT ${isSuperseded})
    RETURNING u.seq`);
  return rows.length;
}

/** At the deadline (R80): rows that were applied but that no read has shown become `unconverged`. */
export async function markUnconverged(
  db: Db,
  rolloutId: string,
  waves: readonly number[],
): Promise<number> {
  const { rows } = await db.execute(sql`
    UPDATE rollout_user u SET outcome = 'unconverged',
      detail = 'Webex confirmed the change, but no read showed it before the deadline. Planning the '
        || 'rollout again takes the user up'
    WHERE u.rollout_id = ${rolloutId} AND ${isUnconverged(waves)} AND u.outcome = 'applied'
    RETURNING u.seq`);
  return rows.length;
}

export interface ReopenedRows extends Record<string, unknown> {
  wave: number;
  users: number;
  fromSeq: number;
  toSeq: number;
  /** Its steps are 1 to this one, in the order of the plan. */
  lastStep: number;
}

/**
 * Moves failed rows into one more wave; null if there is nothing to write. A second call before their
 * first write returns the same wave.
 */
export async function reopenFailedRows(db: Db, rolloutId: string): Promise<ReopenedRows | null> {
  await db.transaction((tx) => reopen(tx, rolloutId));
  const { rows } = await db.execute<ReopenedRows>(sql`
    SELECT max(wave)::int AS wave, count(*)::int AS users, min(seq) AS "fromSeq",
      max(seq) AS "toSeq", max(step)::int AS "lastStep"
    FROM rollout_user WHERE rollout_id = ${rolloutId} AND outcome = 'planned'`);
  const [row] = rows;
  return row && row.users > 0 ? row : null;
}

/**
 * Leaves out whom another rollout has taken up. Rows that followed each other as waves or steps still
 * do: the later ones may need units that the earlier ones free. Clears what halted the rollout; the
 * failure guard counts from here.
 */
async function reopen(tx: Queryable, rolloutId: string): Promise<void> {
  await tx.execute(sql`
    WITH ${lockedRollout(rolloutId)},
      failed AS (
        SELECT f.seq, (f.wave, f.step) IS DISTINCT FROM (lag(f.wave) OVER s, lag(f.step) OVER s) AS begins
        FROM rollout_user f
        WHERE f.rollout_id = ${rolloutId} AND f.outcome = 'failed' AND f.taken_up_by IS NULL
          AND NOT ${hasLostUnit('f')} WINDOW s AS (ORDER BY f.seq)),
      stepped AS (
        SELECT seq, count(*) FILTER (WHERE begins) OVER (ORDER BY seq) AS step FROM failed)
    UPDATE rollout_user u SET outcome = 'planned', step = stepped.step, attempts = 0, intent_at = NULL,
      in_flight_until = NULL, detail = NULL, trouble_since = NULL, restored = NULL,
      done = CASE WHEN put_back IS NULL THEN NULL ELSE done END,
      refused = CASE WHEN put_back IS NULL THEN NULL ELSE refused END,
      wave = (SELECT coalesce(max(wave), 0) + 1 FROM rollout_user WHERE rollout_id = ${rolloutId})
    FROM locked, stepped WHERE u.rollout_id = locked.rollout_id AND u.seq = stepped.seq
      AND u.outcome = 'failed' AND u.taken_up_by IS NULL`);
  await tx.execute(sql`
    UPDATE rollout r SET hold = NULL, paused = false, guard_from = ${guardFromHere}
    WHERE rollout_id = ${rolloutId}`);
}
