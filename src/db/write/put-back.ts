/** Permission to put the other half of a half-refused replacement back (R40). */
import type { Change } from '../../domain/model/change';
import type { Holdings } from '../../domain/model/user';
import type { Pending } from '../../domain/model/outcome';
import type { Db } from '../connect';
import { inFlight, whyRefused, type Permit } from './permit';

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
 * A pause that comes between the two calls waits for the second as long as the first is marked as
 * under way. Put back later than that, it needs the permission that every write needs.
 */
const putBackStatement = `
  WITH permit AS MATERIALIZED (
    SELECT r.rollout_id, r.phase IN ('piloting', 'rolling-out') AND NOT r.paused AND r.hold IS NULL
      AS is_free FROM rollout r
    WHERE r.rollout_id = $1 AND NOT EXISTS (
      SELECT 1 FROM org_pace p WHERE p.org_id = r.org_id AND p.not_before > clock_timestamp())
    FOR SHARE OF r
  )
  UPDATE rollout_user u SET intent_at = clock_timestamp(), attempts = u.attempts + 1,
    in_flight_until = clock_timestamp() + ${inFlight}
  FROM permit
  WHERE u.rollout_id = permit.rollout_id AND u.seq = $2 AND u.outcome = 'planned'
    AND u.put_back IS NOT NULL
    AND (permit.is_free OR u.in_flight_until > clock_timestamp() + interval '1 second')
  RETURNING u.person_id AS "personId", u.before, u.changes, coalesce(u.refused, '[]') AS refused,
    u.put_back AS "putBack", u.pending, u.attempts`;

export async function takePutBack(db: Db, rolloutId: string, seq: number): Promise<PutBackPermit> {
  const granted = await db.$client.query<IntendedPutBack>({
    name: 'put-back',
    text: putBackStatement,
    values: [rolloutId, seq],
  });
  const [write] = granted.rows;
  if (write) return { kind: 'granted', write };
  const refusal = await whyRefused(db, rolloutId, seq);
  return refusal.kind === 'put-back' ? { kind: 'not-before', waitMs: 50 } : refusal;
}
