/** Changes what a row asks for, before it is written again: each is a complete end of its call. */
import { sql, type SQL } from 'drizzle-orm';
import type { Change } from '../../domain/model/change';
import type { WithoutMissingUnits } from '../../domain/write/without-missing-units';
import type { WithoutCalling } from '../../domain/write/without-calling';
import type { Db } from '../connect';
import { lockedRollout } from './failure-guard';
import type { RowOfRollout } from './only-call';

/** Moves changes that wait for units out of the write. */
export async function recordWithoutUnits(
  db: Db,
  row: RowOfRollout,
  call: number,
  { changes, waiting, pending }: WithoutMissingUnits,
): Promise<void> {
  await update(
    db,
    row,
    call,
    sql`own_changes = ${stillAsked(changes)},
      own_waiting = u.waiting || ${JSON.stringify(waiting)}::jsonb,
      pending = CASE WHEN pending = 'unit' THEN pending ELSE ${pending} END`,
  );
}

/** Moves Calling out of the write and records why (R64). */
export async function recordWithoutCalling(
  db: Db,
  row: RowOfRollout,
  call: number,
  { changes, blocked }: WithoutCalling,
): Promise<void> {
  await update(
    db,
    row,
    call,
    sql`own_changes = ${stillAsked(changes)}, own_blocked = u.blocked || ${JSON.stringify(blocked)}::jsonb`,
  );
}

/** Replaces what is asked for. */
export async function recordChanges(
  db: Db,
  row: RowOfRollout,
  call: number,
  changes: readonly Change[],
): Promise<void> {
  await update(db, row, call, sql`own_changes = ${JSON.stringify(changes)}::jsonb`);
}

/** What can't be put back now waits for the next unit; the rest is put back (R95). */
export async function recordLostUnits(
  db: Db,
  row: RowOfRollout,
  call: number,
  { waiting, putBack }: { waiting: readonly Change[]; putBack: readonly Change[] },
): Promise<void> {
  await update(
    db,
    row,
    call,
    sql`put_back = ${JSON.stringify(putBack)}::jsonb, pending = 'unit',
      own_waiting = u.waiting || ${JSON.stringify(waiting)}::jsonb`,
  );
}

/** What earlier calls have done stays part of the row. */
function stillAsked(changes: readonly Change[]): SQL {
  return sql`(coalesce(done, '[]'::jsonb) || ${JSON.stringify(changes)}::jsonb)`;
}

async function update(db: Db, row: RowOfRollout, call: number, set: SQL): Promise<void> {
  await db.execute(sql`
    WITH ${lockedRollout(row.rolloutId)}
    UPDATE rollout_user u SET ${set}, in_flight_until = NULL, unanswered_call =
      CASE WHEN unanswered_call = calls THEN NULL ELSE unanswered_call END
    FROM locked WHERE u.rollout_id = locked.rollout_id AND seq = ${row.seq}
      AND (outcome = 'planned' OR put_back IS NOT NULL) AND calls = ${call}`);
}
