import { sql } from 'drizzle-orm';
import type { Db } from '../connect';
import { prepareStatement } from '../prepare-statement';
import { lockedRollout } from './failure-guard';

export interface EndedCall {
  rolloutId: string;
  seq: number;
  /** The number of the call: the end of an earlier one changes nothing about a later one. */
  call: number;
  /** False where nothing was tried. A first attempt that doesn't count leaves no intent either. */
  countsAttempt: boolean;
  /** False: the call may have done its work, and nobody knows. */
  isAnswered: boolean;
  detail: string | null;
}

const statement = prepareStatement(
  'end-call',
  sql`
    WITH ${lockedRollout(sql.placeholder('rolloutId'))}
    UPDATE rollout_user u SET in_flight_until = NULL, detail = ${sql.placeholder('detail')},
      trouble_since = CASE WHEN ${sql.placeholder('countsAttempt')}
        THEN coalesce(trouble_since, clock_timestamp()) ELSE trouble_since END,
      -- the intent stays open where this call or one before it may have done the work
      intent_at = CASE WHEN ${sql.placeholder('countsAttempt')} OR attempts > 1 THEN intent_at END,
      attempts = attempts - CASE WHEN ${sql.placeholder('countsAttempt')} THEN 0 ELSE 1 END,
      unanswered_call = CASE WHEN ${sql.placeholder('isAnswered')} AND unanswered_call = calls
        THEN NULL ELSE unanswered_call END
    FROM locked WHERE u.rollout_id = locked.rollout_id AND seq = ${sql.placeholder('seq')}
      AND (outcome = 'planned' OR put_back IS NOT NULL) AND calls = ${sql.placeholder('call')}`,
);

/** Records that the call has returned without an outcome. */
export async function endCall(db: Db, call: EndedCall): Promise<void> {
  await statement(db, { ...call });
}
