/** The rollout whose users another one has taken up (R102). */
import { sql } from 'drizzle-orm';
import type { Predecessor } from '../../domain/rollout/waivers';
import type { Queryable } from '../connect';

/**
 * How it fared: all its failures, whoever has accepted them since, and whether it left a gate by another
 * way than a promotion.
 */
export async function findPredecessor(
  db: Queryable,
  { orgId, rolloutId }: { orgId: string; rolloutId: string },
): Promise<Predecessor | null> {
  const { rows } = await db.execute<Predecessor & Record<string, unknown>>(sql`
    SELECT jsonb_build_object('written', users_written, 'failed', users_failed, 'limit',
        greatest(failure_min, floor(failure_percent * users_written / 100)::integer)) AS failures,
      (phase = 'awaiting-promotion' OR EXISTS (
        SELECT 1 FROM audit_event e WHERE ${isMoveOfIt('e')}
          AND e.details->>'from' = 'awaiting-promotion' AND e.action <> 'rollout.promoted'
          AND NOT EXISTS (SELECT 1 FROM audit_event p WHERE ${isMoveOfIt('p')}
            AND p.action = 'rollout.promoted' AND p.audit_id > e.audit_id))) AS "isAtGate"
    FROM rollout r WHERE r.org_id = ${orgId} AND r.rollout_id = ${rolloutId}`);
  return rows[0] ?? null;
}

function isMoveOfIt(alias: 'e' | 'p') {
  const event = sql.raw(alias);
  return sql`${event}.org_id = r.org_id AND ${event}.target = 'rollouts/' || r.rollout_id`;
}
