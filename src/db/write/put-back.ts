/** Permission to put the other half of a half-refused replacement back (R40). */
import { sql } from 'drizzle-orm';
import type { Change } from '../../domain/model/change';
import type { Holdings } from '../../domain/model/user';
import type { Pending } from '../../domain/model/outcome';
import type { Db } from '../connect';
import { prepareStatement } from '../prepare-statement';
import { inFlight, isNotThrottled, isRunning } from './may-write';
import { whyRefused, type Permit } from './permit';

export interface IntendedPutBack {
  personId: string;
  before: Holdings;
  /** What the first call asked for, and what of it was refused. */
  changes: Change[];
  refused: Change[];
  putBack: Change[];
  pending: Pending;
  /** The first calls and this attempt included. */
  attempts: number;
}

export type PutBackPermit =
  | { kind: 'granted'; write: IntendedPutBack }
  | Exclude<Permit, { kind: 'granted' | 'user-busy' | 'put-back' }>;

/**
 * A pause between the two calls waits for the second one while the first is marked as under way.
 * Later than that, putting back needs the permission that every write needs.
 */
const grant = prepareStatement<IntendedPutBack>(
  'put-back',
  sql`
    -- the rollout's row, locked against a pause, unless Webex has asked the organization to wait
    WITH permit AS MATERIALIZED (
      SELECT r.rollout_id, ${isRunning()} AS is_running FROM rollout r
      WHERE r.rollout_id = ${sql.placeholder('rolloutId')} AND ${isNotThrottled}
      FOR NO KEY UPDATE OF r
    )
    -- the intent, where the first call still counts as under way or writes may begin now
    UPDATE rollout_user u SET intent_at = clock_timestamp(), attempts = u.attempts + 1,
      calls = u.calls + 1,
      in_flight_until = clock_timestamp() + ${inFlight}
    FROM permit
    WHERE u.rollout_id = permit.rollout_id AND u.seq = ${sql.placeholder('seq')}
      AND u.outcome = 'planned' AND u.put_back IS NOT NULL
      AND (permit.is_running OR u.in_flight_until > clock_timestamp() + interval '1 second')
    RETURNING u.person_id AS "personId", u.before, u.changes, coalesce(u.refused, '[]') AS refused,
      u.put_back AS "putBack", u.pending, u.attempts`,
);

export async function takePutBack(db: Db, rolloutId: string, seq: number): Promise<PutBackPermit> {
  const [write] = await grant(db, { rolloutId, seq });
  if (write) return { kind: 'granted', write };
  const refusal = await whyRefused(db, rolloutId, seq);
  return refusal.kind === 'put-back' ? { kind: 'not-before', waitMs: 50 } : refusal;
}
