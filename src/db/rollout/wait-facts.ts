import { sql } from 'drizzle-orm';
import { isWriting } from '../../domain/rollout/rollout-phase';
import type { WaitFacts } from '../../domain/rollout/waiting-for';
import type { Queryable } from '../connect';
import { isWaiting, servesWaits } from '../sql';
import { busyUsers } from '../write/busy-users';
import type { RolloutRow } from './rollouts';

/** What of a rollout's waits isn't on its own row, and how long they take by the database's clock. */
export interface StoredWaits extends Pick<
  WaitFacts,
  'retrying' | 'busy' | 'throttled' | 'refused' | 'withoutUnit'
> {
  throttledSeconds: number;
  /** Null: it doesn't soak. */
  soakSeconds: number | null;
}

const none: StoredWaits = { throttledSeconds: 0, soakSeconds: null };

interface WaitRow extends Record<string, unknown> {
  lastError: string | null;
  notBefore: string | null;
  waitReason: string | null;
  throttledSeconds: string | null;
  soakSeconds: string | null;
  refused: { action: string; why: string } | null;
}

/** Times are ISO texts, as the database's clock has them. */
const isoText = (instant: string) =>
  sql.raw(`to_char(${instant} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);

/** What keeps a rollout waiting now, from the rows of its users, its organization and its actions. */
export async function readWaits(db: Queryable, row: RolloutRow): Promise<StoredWaits> {
  const { orgId, rolloutId, phase, usersBetweenAttempts: users } = row;
  if (phase === 'completed' || phase === 'aborted') {
    return { ...none, withoutUnit: await countWaiting(db, rolloutId) };
  }
  if (phase !== 'planned' && !isWriting(phase)) return none;
  const { rows } = await db.execute<WaitRow>(sql`
    SELECT p.wait_reason AS "waitReason", ${isoText('p.not_before')} AS "notBefore",
      extract(epoch FROM p.not_before - clock_timestamp()) AS "throttledSeconds",
      (SELECT greatest(0, extract(epoch FROM r.soaks_until - clock_timestamp())) FROM rollout r
        WHERE r.rollout_id = ${rolloutId} AND r.soaks_until IS NOT NULL) AS "soakSeconds",
      (SELECT u.detail FROM rollout_user u
        WHERE u.org_id = ${orgId} AND u.outcome = 'planned' AND u.intent_at IS NOT NULL
          AND u.rollout_id = ${rolloutId} AND u.in_flight_until IS NULL AND u.detail IS NOT NULL
        ORDER BY u.intent_at DESC LIMIT 1) AS "lastError",
      (SELECT jsonb_build_object('action', a.update_name, 'why', a.result)
        FROM pending_action a WHERE a.rollout_id = ${rolloutId} AND a.settled_at IS NOT NULL
          AND a.result <> 'applied'
        ORDER BY a.settled_at DESC LIMIT 1) AS refused
    FROM (SELECT 1) one LEFT JOIN org_pace p
      ON p.org_id = ${orgId} AND p.not_before > clock_timestamp()`);
  const [found] = rows;
  if (!found) return none;
  const { lastError, notBefore, waitReason, refused, throttledSeconds, soakSeconds } = found;
  return {
    throttledSeconds: Number(throttledSeconds ?? 0),
    soakSeconds: soakSeconds === null ? null : Number(soakSeconds),
    retrying: users > 0 ? { users, lastError } : null,
    busy: isWriting(phase) ? await busyUsers(db, rolloutId) : null,
    throttled: notBefore === null ? null : { until: notBefore, reason: waitReason },
    refused: refused && { ...refused, why: refused.why.replace(/^refused: /, '') },
  };
}

/** Users of a rollout that has ended whom the watch serves once there are units. */
async function countWaiting(db: Queryable, rolloutId: string): Promise<number> {
  const { rows } = await db.execute<{ users: number }>(sql`
    SELECT count(*)::int AS users FROM rollout_user u JOIN rollout r USING (rollout_id)
    WHERE r.rollout_id = ${rolloutId} AND ${isWaiting('u')} AND ${servesWaits}`);
  return rows[0]?.users ?? 0;
}
