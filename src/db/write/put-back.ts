/** Permission to put back what a user has lost by a call of which an addition was refused (R95). */
import { sql } from 'drizzle-orm';
import type { Change } from '../../domain/model/change';
import type { Db } from '../connect';
import { prepareStatement } from '../prepare-statement';
import { isNotThrottled } from './may-write';
import { countedCall, intendedCall, whyRefused, type IntendedCall, type Permit } from './permit';

export interface IntendedPutBack extends IntendedCall {
  /** What Webex refused of the row's changes. */
  refused: Change[];
  putBack: Change[];
}

export type PutBackPermit =
  { kind: 'granted'; write: IntendedPutBack } | Exclude<Permit, { kind: 'granted' | 'put-back' }>;

/**
 * Given in every phase, also during a pause, a halt and after the end: only Webex itself can ask for a
 * wait. The intent of the call before it is still open, so no other rollout writes the user meanwhile.
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
      ${countedCall}
    FROM permit
    WHERE u.rollout_id = permit.rollout_id AND u.seq = ${sql.placeholder('seq')}
      AND u.outcome = 'planned' AND u.put_back IS NOT NULL
    RETURNING ${intendedCall}, coalesce(u.refused, '[]') AS refused, u.put_back AS "putBack"`,
);

export async function takePutBack(db: Db, rolloutId: string, seq: number): Promise<PutBackPermit> {
  const [write] = await grant(db, { rolloutId, seq });
  if (write) return { kind: 'granted', write };
  const refusal = await whyRefused(db, rolloutId, seq);
  return refusal.kind === 'put-back' ? { kind: 'not-before', waitMs: 50 } : refusal;
}
