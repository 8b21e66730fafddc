/** Removes refused changes from a row, before the rest is written again. */
import { sql } from 'drizzle-orm';
import type { WithoutMissingUnits } from '../../domain/write/without-missing-units';
import type { WithoutCalling } from '../../domain/write/without-calling';
import type { Db } from '../connect';
import { lockedRollout } from './failure-guard';
import type { RowOfRollout } from './permit';

/** Moves changes that wait for units out of the write. */
export async function recordWithoutUnits(
  db: Db,
  { rolloutId, seq }: RowOfRollout,
  { changes, waiting, pending }: WithoutMissingUnits,
): Promise<void> {
  await db.execute(sql`
    WITH ${lockedRollout(rolloutId)}
    UPDATE rollout_user u SET changes = ${JSON.stringify(changes)}::jsonb,
      waiting = waiting || ${JSON.stringify(waiting)}::jsonb,
      pending = CASE WHEN pending = 'unit' THEN pending ELSE ${pending} END, in_flight_until = NULL
    FROM locked WHERE u.rollout_id = locked.rollout_id AND seq = ${seq} AND outcome = 'planned'`);
}

/** Moves Calling out of the write and records why (R64). */
export async function recordWithoutCalling(
  db: Db,
  { rolloutId, seq }: RowOfRollout,
  { changes, blocked }: WithoutCalling,
): Promise<void> {
  await db.execute(sql`
    WITH ${lockedRollout(rolloutId)}
    UPDATE rollout_user u SET changes = ${JSON.stringify(changes)}::jsonb,
      blocked = blocked || ${JSON.stringify(blocked)}::jsonb, in_flight_until = NULL
    FROM locked WHERE u.rollout_id = locked.rollout_id AND seq = ${seq} AND outcome = 'planned'`);
}
