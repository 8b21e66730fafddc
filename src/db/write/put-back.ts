/** Permission to put back what a user has lost by a call of which an addition was refused (R95). */
import { sql } from 'drizzle-orm';
import type { Change } from '../../domain/model/change';
import type { Db } from '../connect';
import { prepareStatement } from '../prepare-statement';
import { isNotThrottled } from './may-write';
import { asOnlyCall } from './only-call';
import { inMs, isDue } from './owed';
import { countedCall, intendedCall, whyRefused, type IntendedCall, type Permit } from './permit';
import { hasNoOpenWrite } from './repeat-write';

/** No other try of a debt begins before this one has ended. */
const tryMs = 60_000;

export interface IntendedPutBack extends IntendedCall {
  /** What Webex refused of the row's changes. */
  refused: Change[];
  putBack: Change[];
  /** What an earlier putting-back of the row gave back, by the word of its answer. */
  restored: Change[];
  /** How often putting back was refused before. */
  tries: number;
  /** The row is closed: its rollout goes on, or has ended, without this. */
  isDebt: boolean;
}

export type PutBackPermit =
  { kind: 'granted'; write: IntendedPutBack } | Exclude<Permit, { kind: 'granted' | 'put-back' }>;

/**
 * Given in every phase, also during a pause, a halt and after the end: only Webex itself can ask for a
 * wait. Until the row is closed, the intent of the call before it is open, so no other rollout writes the
 * user meanwhile. What is still owed after that waits for its time, and for other rollouts.
 */
const grant = prepareStatement<IntendedPutBack>(
  'put-back',
  sql`
    -- the rollout's row, locked as by everybody who changes a row of its users
    WITH permit AS MATERIALIZED (
      SELECT r.rollout_id FROM rollout r
      WHERE r.rollout_id = ${sql.placeholder('rolloutId')} AND ${isNotThrottled}
      FOR NO KEY UPDATE OF r
    )
    UPDATE rollout_user u SET intent_at = clock_timestamp(), attempts = u.attempts + 1,
      ${countedCall},
      owed_next_at = CASE WHEN u.outcome = 'planned' THEN u.owed_next_at ELSE ${inMs(tryMs)} END
    FROM permit
    WHERE u.rollout_id = permit.rollout_id AND u.seq = ${sql.placeholder('seq')}
      AND u.put_back IS NOT NULL
      AND (u.outcome = 'planned' OR ${isDue} AND ${hasNoOpenWrite})
    RETURNING ${intendedCall}, coalesce(u.refused, '[]') AS refused, u.put_back AS "putBack",
      coalesce(u.restored, '[]') AS restored, u.owed_tries AS tries,
      u.outcome <> 'planned' AS "isDebt"`,
);

export async function takePutBack(db: Db, rolloutId: string, seq: number): Promise<PutBackPermit> {
  const granted = await asOnlyCall(db, { rolloutId, seq }, () => grant(db, { rolloutId, seq }));
  if (granted === null) return { kind: 'user-busy' };
  const [write] = granted;
  if (write) return { kind: 'granted', write };
  const refusal = await whyRefused(db, rolloutId, seq);
  return refusal.kind === 'put-back' ? { kind: 'not-before', waitMs: 50 } : refusal;
}
