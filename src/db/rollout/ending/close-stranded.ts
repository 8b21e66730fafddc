/** Closes rollouts that no workflow will close, and rows that were left open in closed ones. */
import { sql } from 'drizzle-orm';
import { systemActor } from '../../../domain/model/actor';
import type { Phase } from '../../../domain/rollout/rollout-phase';
import type { Db, Queryable } from '../../connect';
import { writesInFlight } from '../../write/writes-in-flight';
import { recordMove } from '../record-move';
import { withholdUnwritten } from './withhold-unwritten';

export interface StrandedRollout {
  orgId: string;
  rolloutId: string;
  phase: Phase;
  phaseVersion: number;
  reason: string;
}

/**
 * Ends a rollout whose workflow is gone, in one transaction: phase, draft and open rows. While a write is
 * under way it only makes sure that no other begins, and returns false: ask again.
 */
export async function closeStranded(db: Db, stranded: StrandedRollout): Promise<boolean> {
  const { orgId, rolloutId, phase, phaseVersion, reason } = stranded;
  return await db.transaction(async (tx) => {
    if (!(await holdRow(tx, stranded))) return true;
    if ((await writesInFlight(tx, rolloutId)) > 0) return false;
    await recordMove(tx, {
      orgId,
      rolloutId,
      from: phase,
      to: 'failed',
      version: phaseVersion + 1,
      actor: systemActor,
      reason,
      waitingFor: null,
      draft: 'dropped',
    });
    await withholdUnwritten(tx, rolloutId);
    return true;
  });
}

/** Locks the row against permits and holds it; false where it has moved on meanwhile. */
async function holdRow(tx: Queryable, stranded: StrandedRollout): Promise<boolean> {
  const { rolloutId, phase, phaseVersion, reason } = stranded;
  const { rows } = await tx.execute(sql`
    UPDATE rollout SET hold = coalesce(hold, ${reason}),
      waiting_for = 'writes under way to end, before the rollout is closed'
    WHERE rollout_id = ${rolloutId} AND phase = ${phase} AND phase_version = ${phaseVersion}
    RETURNING rollout_id`);
  return rows.length > 0;
}

/**
 * Closes rows that are still planned although their rollout has ended: a process died in between, or
 * their write was under way. Nobody else would, and an open write keeps its user from every other
 * rollout. Returns the number of rollouts.
 */
export async function closeLeftRows(
  db: Db,
  orgId: string,
  endedWithinDays: number | null,
): Promise<number> {
  const { rows } = await db.execute<{ rolloutId: string }>(sql`
    SELECT r.rollout_id AS "rolloutId" FROM rollout r
    WHERE r.org_id = ${orgId} AND r.phase IN ('completed', 'aborted', 'failed')
      AND (${endedWithinDays}::int IS NULL
        OR r.ended_at > now() - make_interval(days => ${endedWithinDays}::int))
      AND EXISTS (SELECT 1 FROM rollout_user u
        WHERE u.rollout_id = r.rollout_id AND u.outcome = 'planned'
          AND u.put_back IS NULL AND (u.in_flight_until IS NULL OR u.in_flight_until <= clock_timestamp()))`);
  const failures: unknown[] = [];
  for (const { rolloutId } of rows) {
    // One that can't be closed doesn't keep those behind it waiting.
    await withholdUnwritten(db, rolloutId).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
  return rows.length;
}
