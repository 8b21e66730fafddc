/** What the workflows of rollouts are told that they wait for. */
import { sql } from 'drizzle-orm';
import { finalPhases } from '../../../domain/rollout/rollout-phase';
import { startObstacle } from '../../../domain/rollout/start-obstacle';
import type { Telling, Waits } from '../../../domain/rollout/telling';
import type { Db, Queryable } from '../../connect';
import { rollout } from '../../schema/index';
import { literals } from '../../sql';
import { findWritingRollout, type RolloutRow } from '../rollouts';
import { readWaits } from './wait-facts';
import { noWaits, waitText } from './wait-text';

export const tellablePerPage = 20;

/**
 * A page of the rollouts of an organization that wait for something, by id, and the time by the database's
 * clock. Those that have ended are among them while users are verified or something is owed to them.
 */
export async function listTellable(
  db: Db,
  orgId: string,
  after: string | null,
): Promise<{ rows: RolloutRow[]; nowMs: number }> {
  const rows = await db
    .select()
    .from(rollout)
    .where(
      sql`${rollout.orgId} = ${orgId} AND (${rollout.phase} NOT IN (${literals(finalPhases)})
        OR ${rollout.verifyingUntil} IS NOT NULL
        OR ${rollout.rolloutId} IN (SELECT u.rollout_id FROM rollout_user u
          WHERE u.org_id = ${orgId} AND u.put_back IS NOT NULL))
        AND (${after}::uuid IS NULL OR ${rollout.rolloutId} > ${after}::uuid)`,
    )
    .orderBy(rollout.rolloutId)
    .limit(tellablePerPage);
  const now = await db.execute<{ ms: string }>(
    sql`SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms`,
  );
  return { rows, nowMs: Number(now.rows[0]?.ms) };
}

/** What a rollout waits for, and what of it its own workflow knows. */
export async function readWaitLines(db: Queryable, row: RolloutRow): Promise<Waits> {
  const isPlanned = row.phase === 'planned';
  const writing = isPlanned ? await findWritingRollout(db, row.orgId) : undefined;
  const obstacle = isPlanned ? startObstacle(row, writing) : null;
  const known = {
    ...row,
    hold: null,
    brakeAt: null,
    readTrouble: null,
    planStale: null,
    workTrouble: null,
  };
  return {
    phaseVersion: row.phaseVersion,
    text: waitText(row, await readWaits(db, row), obstacle),
    own: waitText(known, noWaits, null),
  };
}

/** Of several workers, one tells: false where another one has told meanwhile. */
export async function claimTelling(
  db: Queryable,
  rolloutId: string,
  { before, next }: { before: Telling | null; next: Telling },
): Promise<boolean> {
  const { rows } = await db.execute(sql`
    UPDATE rollout SET told = ${JSON.stringify(next)}::jsonb
    WHERE rollout_id = ${rolloutId}
      AND told IS NOT DISTINCT FROM ${before && JSON.stringify(before)}::jsonb
    RETURNING rollout_id`);
  return rows.length > 0;
}

/** The workflow couldn't be told: what it was told before is what it knows. */
export async function withdrawTelling(
  db: Queryable,
  rolloutId: string,
  { before, next }: { before: Telling | null; next: Telling },
): Promise<void> {
  const { times, at } = next;
  const untold = { ...(before ?? { phaseVersion: 0, text: null, own: null }), times, at };
  await db.execute(sql`
    UPDATE rollout SET told = ${JSON.stringify(untold)}::jsonb
    WHERE rollout_id = ${rolloutId} AND told = ${JSON.stringify(next)}::jsonb`);
}
