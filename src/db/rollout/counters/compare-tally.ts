/** The counters of a rollout are compared with its rows, and repaired. */
import { sql } from 'drizzle-orm';
import { systemActor } from '../../../domain/model/actor';
import { finalPhases } from '../../../domain/rollout/rollout-phase';
import { recordAudit } from '../../admin/audit';
import type { Db, Queryable } from '../../connect';
import { literals } from '../../sql';
import { tallyFigures, tallyOf } from '../../write/tally';

/** How many rows of a rollout a comparison may take to read before it is given up until the next day. */
const mostMs = 120_000;

/** A rollout that has ended changes for a few days: its users are verified, and what it owes is paid. */
const changesFor = sql.raw(`interval '3 days'`);

/** By which figures counters and rows differ. */
export interface TallyDifference extends Record<string, unknown> {
  wave: number | null;
  outcome: string;
  /** How many more rows there are than were counted, by figure. */
  missing: Record<string, number>;
}

export interface ComparedTally {
  rolloutId: string;
  /** None: the counters agree with the rows. */
  differences: TallyDifference[];
}

/**
 * The rollout whose turn it is: its counters haven't been compared for a day. Older ones are compared each
 * month. Null: there is none. Of several workers, each takes another one. One that is being planned again
 * is left out: its plan is made from one snapshot, which a change of its row would spoil.
 */
export async function takeRolloutToCompare(db: Db, orgId: string): Promise<string | null> {
  const { rows } = await db.execute<{ rolloutId: string }>(sql`
    UPDATE rollout r SET counted_at = now() WHERE r.rollout_id = (
      SELECT n.rollout_id FROM rollout n
      WHERE n.org_id = ${orgId} AND n.planned_at IS NOT NULL AND n.phase <> 'planning'
        AND (n.counted_at IS NULL OR n.counted_at < now() - CASE
          WHEN n.ended_at IS NULL OR n.counted_at < n.ended_at + ${changesFor} THEN interval '1 day'
          ELSE interval '30 days' END)
      ORDER BY n.counted_at NULLS FIRST, n.rollout_id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING r.rollout_id AS "rolloutId"`);
  return rows[0]?.rolloutId ?? null;
}

/**
 * Compares and repairs. Rows and counters are read in one statement, so that writes may go on meanwhile,
 * and what is missing is added, so that what they count at the same time stays. One at a time per rollout:
 * two would add it twice.
 */
export async function compareTally(
  db: Db,
  orgId: string,
  rolloutId: string,
): Promise<ComparedTally> {
  return await db.transaction(async (tx) => {
    await tx.execute(sql`SELECT set_config('statement_timeout', ${String(mostMs)}, true)`);
    await tx.execute(
      sql`SELECT pg_advisory_xact_lock(hashtextextended('tally ' || ${rolloutId}::text, 0))`,
    );
    const guard = await repairGuard(tx, rolloutId);
    const differences = [...guard, ...(await repairTally(tx, rolloutId))];
    await tx.execute(sql`
      DELETE FROM rollout_tally WHERE rollout_id = ${rolloutId} AND ${isNothing}`);
    if (differences.length > 0) {
      const target = `rollouts/${rolloutId}`;
      const action = 'rollout.counters-repaired';
      await recordAudit(tx, {
        orgId,
        actor: systemActor,
        action,
        target,
        details: { differences },
      });
    }
    return { rolloutId, differences };
  });
}

const list = (expression: (figure: string) => string) =>
  sql.raw(tallyFigures.map(expression).join(', '));
const isNothing = sql`(${list((figure) => figure)}) = (${list(() => '0')})`;

const counted = sql`counted_row(u.outcome, u.attempts, u.intent_at, u.in_flight_until, u.put_back,
  u.written_at, u.converged_at, u.taken_up_by, u.wait_ended_at, u.pending, u.own_waiting)`;

async function repairTally(tx: Queryable, rolloutId: string): Promise<TallyDifference[]> {
  const { rows } = await tx.execute<TallyDifference>(sql`
    WITH both_ways AS (
      SELECT u.wave, u.outcome, count(*) AS users, sum(c.written) AS written, sum(c.seen) AS seen,
        sum(c.unseen) AS unseen, sum(c.untaken) AS untaken, sum(c.retryable) AS retryable,
        sum(c.waits) AS waiting
      FROM rollout_row u, ${counted} c WHERE u.rollout_id = ${rolloutId} GROUP BY u.wave, u.outcome
      UNION ALL
      SELECT wave, outcome, ${list((figure) => `-${figure}`)} FROM ${tallyOf(rolloutId)} t
    ), difference AS (
      SELECT wave, outcome, ${list((figure) => `sum(${figure})::int AS ${figure}`)}
      FROM both_ways GROUP BY wave, outcome
    ), repaired AS (
      INSERT INTO rollout_tally_change (rollout_id, wave, outcome, ${list((figure) => figure)})
      SELECT ${rolloutId}::uuid, wave, outcome, ${list((figure) => figure)} FROM difference
      WHERE NOT ${isNothing} RETURNING *
    )
    SELECT wave, outcome, to_jsonb(d) - 'rollout_id' - 'wave' - 'outcome' AS missing FROM repaired d
    ORDER BY wave, outcome`);
  return rows;
}

/**
 * The counters of the failure guard count no row twice and lose none to retention: they are compared while
 * a rollout runs for the first time, when all its rows are there.
 */
async function repairGuard(tx: Queryable, rolloutId: string): Promise<TallyDifference[]> {
  const { rows } = await tx.execute<TallyDifference>(sql`
    WITH difference AS (
      SELECT r.rollout_id, d.written - r.users_written AS written, d.failed - r.users_failed AS failed,
        d.in_flight - r.users_in_flight AS in_flight,
        d.between_attempts - r.users_between_attempts AS between_attempts
      FROM rollout r, LATERAL (
        SELECT coalesce(sum(c.guard_written), 0)::int AS written,
          coalesce(sum(c.guard_failed), 0)::int AS failed,
          coalesce(sum(c.in_flight), 0)::int AS in_flight,
          coalesce(sum(c.between_attempts), 0)::int AS between_attempts
        FROM rollout_row u, ${counted} c WHERE u.rollout_id = r.rollout_id) d
      WHERE r.rollout_id = ${rolloutId} AND r.retries = 0 AND r.phase NOT IN (${literals(finalPhases)})
    )
    UPDATE rollout r SET users_written = users_written + d.written,
      users_failed = users_failed + d.failed, users_in_flight = users_in_flight + d.in_flight,
      users_between_attempts = users_between_attempts + d.between_attempts
    FROM difference d WHERE r.rollout_id = d.rollout_id
      AND (d.written, d.failed, d.in_flight, d.between_attempts) <> (0, 0, 0, 0)
    RETURNING NULL::int AS wave, 'guard' AS outcome, to_jsonb(d) - 'rollout_id' AS missing`);
  return rows;
}
