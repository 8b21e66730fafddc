import { sql } from 'drizzle-orm';
import type { Db } from '../connect';
import { prepareStatement } from '../prepare-statement';
import { lockedRollout } from './failure-guard';

export interface EndedCall {
  rolloutId: string;
  seq: number;
  /** `attempts` of the permit: the end of an earlier call changes nothing about a later one. */
  attempts: number;
  /** False where nothing was tried. A first attempt that doesn't count leaves no intent either. */
  countsAttempt: boolean;
  detail: string | null;
}

const statement = prepareStatement(
  'end-call',
  sql`
    WITH ${lockedRollout(sql.placeholder('rolloutId'))}
    UPDATE rollout_user u SET in_flight_until = NULL, detail = ${sql.placeholder('detail')},
      -- the intent stays open where this call or one before it may have done the work
      intent_at = CASE WHEN ${sql.placeholder('countsAttempt')} OR attempts > 1 THEN intent_at END,
      attempts = attempts - CASE WHEN ${sql.placeholder('countsAttempt')} THEN 0 ELSE 1 END
    FROM locked WHERE u.rollout_id = locked.rollout_id AND seq = ${sql.placeholder('seq')}
      AND outcome = 'planned' AND attempts = ${sql.placeholder('attempts')}`,
);

/** Records that the call has returned without an outcome. */
export async function endCall(db: Db, call: EndedCall): Promise<void> {
  await statement(db, { ...call });
}
