/**
 * Rows of a rollout that another one takes up (R102). Most are marked when that one is planned. Users who
 * wait for a unit are marked when it is started: until then the watch serves them (R107).
 *
 * | row                   | the successor is planned | it starts                       | it never starts |
 * |-----------------------|--------------------------|---------------------------------|-----------------|
 * | failed, conflict, …   | marked                   | stays marked                    | given back      |
 * | waits for a unit      | read, not marked         | marked where its plan acts      | was never taken |
 * | served since          | read, not marked         | `conflict` in the successor     | –               |
 * | first in line (R95)   | left out                 | –                               | –               |
 */
import { sql, type SQL } from 'drizzle-orm';
import { leftOutcomes } from '../../domain/rollout/what-is-left';
import type { Queryable } from '../connect';
import { hasLostUnit, isServable, isWaiting, literals } from '../sql';
import { tallyOf } from '../write/tally';

/** The rollout whose rows are taken up, and the one that takes them. */
export interface Taking {
  from: string;
  by: string;
}

/**
 * Users whom nobody has taken up yet, as the counter `untaken` has them. Who has lost a license that is
 * owed to them keeps their place in the line for it, in the row that says so (R95).
 */
const isLeft = sql`(w.taken_up_by IS NULL AND w.outcome IN (${literals(leftOutcomes)})
  AND w.put_back IS NULL AND (w.wait_ended_at IS NOT NULL OR NOT ${hasLostUnit('w')}))`;

/** Of these, users whom the watch serves once there are units. */
const isLeftToTheWatch = sql`(${isWaiting('w')} AND ${isServable('w')})`;

/** Whether a plan takes up the row `w`; call it after `takeUpLeft`, in the same transaction. */
export function isTakenUp({ from, by }: Taking): SQL {
  return sql`(w.rollout_id = ${from}
    AND (w.taken_up_by = ${by} OR ${isLeft} AND ${isLeftToTheWatch}))`;
}

/** Users whom nobody has taken up yet; `retryable`: of these, whom `retry-failed` would write again. */
export async function countLeft(
  db: Queryable,
  rolloutId: string,
): Promise<{ left: number; retryable: number }> {
  const { rows } = await db.execute<{ left: number; retryable: number }>(sql`
    SELECT coalesce(sum(untaken), 0)::int AS left,
      coalesce(sum(retryable) FILTER (WHERE outcome = 'failed'), 0)::int AS retryable
    FROM ${tallyOf(rolloutId)} t WHERE outcome IN (${literals(leftOutcomes)})`);
  return rows[0] ?? { left: 0, retryable: 0 };
}

/** Marks the users who are left, except those who wait; returns how many of both there are by outcome. */
export async function takeUpLeft(
  tx: Queryable,
  taking: Taking,
): Promise<{ outcome: string; users: number }[]> {
  const { from, by } = taking;
  await tx.execute(sql`
    UPDATE rollout_user w SET taken_up_by = ${by}
    WHERE w.rollout_id = ${from} AND ${isLeft} AND NOT ${isLeftToTheWatch}`);
  const { rows } = await tx.execute<{ outcome: string; users: number }>(sql`
    SELECT w.outcome, count(*)::int AS users FROM rollout_user w
    WHERE ${isTakenUp(taking)} AND w.outcome IN (${literals(leftOutcomes)})
    GROUP BY w.outcome ORDER BY w.outcome`);
  return rows;
}

/**
 * At its start, a rollout takes up the users who still wait and for whom its plan does something. A plan
 * that leaves a user as they are ends no wait: the watch knows why it ends (R107). Users whom the watch
 * serves since are not written by both.
 */
export async function takeUpWaiting(tx: Queryable, rolloutId: string): Promise<void> {
  const ofPredecessor = sql`r.rollout_id = ${rolloutId} AND w.rollout_id = r.replan_of
    AND n.rollout_id = r.rollout_id AND w.person_id = n.person_id`;
  await tx.execute(sql`
    UPDATE rollout_user w SET taken_up_by = r.rollout_id FROM rollout r, rollout_user n
    WHERE ${ofPredecessor} AND ${isLeft} AND ${isLeftToTheWatch}
      AND n.outcome NOT IN ('unchanged', 'excluded')`);
  await tx.execute(sql`
    UPDATE rollout_user n SET outcome = 'conflict',
      detail = 'the watch has served this user since the plan was made'
    FROM rollout r, rollout_user w
    WHERE ${ofPredecessor} AND n.outcome = 'planned' AND w.taken_up_by <> r.rollout_id`);
}

/** A rollout that is never started gives back whom it has taken up. */
export async function giveBackTaken(tx: Queryable, rolloutId: string): Promise<void> {
  await tx.execute(sql`
    UPDATE rollout_user u SET taken_up_by = NULL FROM rollout r
    WHERE r.rollout_id = ${rolloutId} AND r.replan_of IS NOT NULL
      AND u.rollout_id = r.replan_of AND u.taken_up_by = r.rollout_id`);
}
