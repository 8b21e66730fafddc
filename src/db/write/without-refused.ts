import type { WithoutMissingUnits } from '../../domain/write/without-missing-units';
import type { WithoutCalling } from '../../domain/write/without-calling';
import type { Db } from '../connect';

/** Takes what waits for units out of a row's write, before it is written again with the rest. */
export async function recordWithoutUnits(
  db: Db,
  row: { rolloutId: string; seq: number },
  { changes, withheld, pending }: WithoutMissingUnits,
): Promise<void> {
  await db.$client.query(
    `UPDATE rollout_user SET changes = $3::jsonb, withheld = withheld || $4::jsonb,
       pending = CASE WHEN pending = 'unit' THEN pending ELSE $5 END, in_flight_until = NULL
     WHERE rollout_id = $1 AND seq = $2 AND outcome = 'planned'`,
    [row.rolloutId, row.seq, JSON.stringify(changes), JSON.stringify(withheld), pending],
  );
}

/** Takes Calling out of a row's write and says why, before it is written again with the rest (R64). */
export async function recordWithoutCalling(
  db: Db,
  row: { rolloutId: string; seq: number },
  { changes, blocked }: WithoutCalling,
): Promise<void> {
  await db.$client.query(
    `UPDATE rollout_user SET changes = $3::jsonb, blocked = blocked || $4::jsonb,
       in_flight_until = NULL
     WHERE rollout_id = $1 AND seq = $2 AND outcome = 'planned'`,
    [row.rolloutId, row.seq, JSON.stringify(changes), JSON.stringify(blocked)],
  );
}
