import { sql } from 'drizzle-orm';
import { actionOfUpdate, isFinal, isWriting } from '../../../domain/rollout/rollout-phase';
import type { Queryable } from '../../connect';
import { readWorkerAway } from '../../directory/worker-state';
import { isWaiting, isoText, lacksWaiting, servesWaits } from '../../sql';
import { busyUsers } from '../../write/busy-users';
import { openDebts, openUsers, tallyOf } from '../../write/tally';
import { hasOpenRows } from '../replan';
import { findRollout, type RolloutRow } from '../rollouts';
import { noWaits, waitText, type StoredWaits } from './wait-text';

/** What keeps a rollout waiting now, from the rows of its users, its organization and its actions. */
export async function readWaits(db: Queryable, row: RolloutRow): Promise<StoredWaits> {
  const { orgId, rolloutId, phase } = row;
  if (phase === 'expired' || phase === 'discarded') return noWaits;
  const owed = await owedUsers(db, row);
  const noWorker = await readWorkerAway(db, orgId);
  const common = { owed, noWorker };
  if (!isFinal(phase)) return { ...common, ...(await readOpenWaits(db, row)) };
  const throttle = owed === null ? {} : await readThrottle(db, orgId);
  const lastWrites = await countLastWrites(db, rolloutId);
  const withoutUnit = phase === 'failed' ? 0 : await countWaiting(db, rolloutId);
  return { ...noWaits, ...common, ...throttle, lastWrites, withoutUnit };
}

async function readOpenWaits(db: Queryable, row: RolloutRow): Promise<StoredWaits> {
  const { orgId, rolloutId, phase } = row;
  const asked = await readActions(db, rolloutId);
  if (phase === 'planning') {
    return { ...noWaits, ...asked, predecessor: await readPredecessor(db, row) };
  }
  const throttle = await readThrottle(db, orgId);
  if (!isWriting(phase)) return { ...noWaits, ...asked, ...throttle };
  const { rows } = await db.execute<{ soakSeconds: string | null }>(sql`
    SELECT greatest(0, extract(epoch FROM r.soaks_until - clock_timestamp())) AS "soakSeconds"
    FROM rollout r WHERE r.rollout_id = ${rolloutId} AND r.soaks_until IS NOT NULL`);
  const { soakSeconds = null } = rows[0] ?? {};
  return {
    ...asked,
    ...throttle,
    soakSeconds: soakSeconds === null ? null : Number(soakSeconds),
    retrying: await readRetrying(db, rolloutId),
    busy: await busyUsers(db, rolloutId),
  };
}

/** Users whose attempts fail, what the last one met, and since when. */
async function readRetrying(
  db: Queryable,
  rolloutId: string,
): Promise<NonNullable<StoredWaits['retrying']> | null> {
  const { rows } = await db.execute<{
    users: number;
    lastError: string | null;
    since: string | null;
  }>(sql`
    SELECT count(*)::int AS users, ${isoText('min(trouble_since)')} AS since,
      (array_agg(detail ORDER BY intent_at DESC NULLS LAST) FILTER (WHERE detail IS NOT NULL))[1]
        AS "lastError"
    FROM rollout_user
    WHERE rollout_id = ${rolloutId} AND outcome = 'planned' AND trouble_since IS NOT NULL`);
  const [found] = rows;
  if (!found || found.users === 0) return null;
  const { users, lastError, since } = found;
  return { users, lastError, since };
}

/** The rollout whose users this plan takes up, while that one has rows to close (R102). */
async function readPredecessor(
  db: Queryable,
  { orgId, replanOf, digest }: RolloutRow,
): Promise<NonNullable<StoredWaits['predecessor']> | null> {
  if (replanOf === null || digest !== null || !(await hasOpenRows(db, replanOf))) return null;
  const row = await findRollout(db, orgId, replanOf);
  return row
    ? { rolloutId: replanOf, waitsFor: waitText(row, await readWaits(db, row), null) }
    : null;
}

/** Until when Webex has asked the organization to wait. */
async function readThrottle(
  db: Queryable,
  orgId: string,
): Promise<Pick<StoredWaits, 'throttled' | 'throttledSeconds'>> {
  const { rows } = await db.execute<{ until: string; reason: string | null; seconds: string }>(sql`
    SELECT ${isoText('not_before')} AS until, wait_reason AS reason,
      extract(epoch FROM not_before - clock_timestamp()) AS seconds
    FROM org_pace WHERE org_id = ${orgId} AND not_before > clock_timestamp()`);
  const [found] = rows;
  if (!found) return { throttled: null, throttledSeconds: 0 };
  const { until, reason, seconds } = found;
  return { throttled: { until, reason }, throttledSeconds: Number(seconds) };
}

type Asked = Pick<StoredWaits, 'refused' | 'accepted'> & Record<string, unknown>;

/** The action that waits for a worker, and the last one that was refused after it had been accepted. */
async function readActions(db: Queryable, rolloutId: string): Promise<Asked> {
  const { rows } = await db.execute<Asked>(sql`
    SELECT (SELECT jsonb_build_object('action', a.update_name, 'at', ${isoText('a.created_at')})
        FROM pending_action a WHERE a.rollout_id = ${rolloutId} AND a.settled_at IS NULL
        ORDER BY a.created_at LIMIT 1) AS accepted,
      (SELECT jsonb_build_object('action', a.update_name, 'why',
          regexp_replace(a.result, '^refused: ', ''))
        FROM pending_action a JOIN rollout r USING (rollout_id)
        WHERE a.rollout_id = ${rolloutId} AND a.settled_at IS NOT NULL AND a.result <> 'applied'
          -- of what was asked for while the rollout was as it is now
          AND (r.phase = 'planned'
            OR (a.input->>'expectedPhaseVersion')::int = r.phase_version)
        ORDER BY a.settled_at DESC LIMIT 1) AS refused`);
  const { accepted, refused } = rows[0] ?? {};
  return {
    accepted: accepted ? { ...accepted, action: actionOfUpdate(accepted.action) } : null,
    refused: refused ? { ...refused, action: actionOfUpdate(refused.action) } : null,
  };
}

/** Users to whom something is owed (R95), and what the last attempt to put it back met. */
async function owedUsers(
  db: Queryable,
  { orgId, rolloutId }: RolloutRow,
): Promise<NonNullable<StoredWaits['owed']> | null> {
  const { rows } = await db.execute<{ users: number; lastError: string | null }>(sql`
    SELECT count(*)::int AS users,
      (array_agg(detail ORDER BY intent_at DESC NULLS LAST) FILTER (WHERE detail IS NOT NULL))[1]
        AS "lastError"
    FROM rollout_user WHERE org_id = ${orgId} AND rollout_id = ${rolloutId}
      AND put_back IS NOT NULL`);
  const [found] = rows;
  return found && found.users > 0 ? { users: found.users, lastError: found.lastError } : null;
}

/** Users of a rollout that has ended whose row isn't closed: their write was under way. */
async function countLastWrites(db: Queryable, rolloutId: string): Promise<number> {
  const { rows } = await db.execute<{ users: number }>(sql`
    SELECT ${openUsers(rolloutId)} - ${openDebts(rolloutId)} AS users`);
  return rows[0]?.users ?? 0;
}

/**
 * Users of a rollout that has ended whom the watch serves once there are units. What they hold by now is in
 * the directory, so that no counter can say it: only whether anybody waits at all.
 */
async function countWaiting(db: Queryable, rolloutId: string): Promise<number> {
  const { rows: tally } = await db.execute<{ waiting: number }>(sql`
    SELECT coalesce(sum(waiting), 0)::int AS waiting FROM ${tallyOf(rolloutId)} t`);
  if (!tally[0]?.waiting) return 0;
  const { rows } = await db.execute<{ users: number }>(sql`
    SELECT count(*)::int AS users FROM rollout_user w JOIN rollout r USING (rollout_id)
      JOIN directory_user d ON d.org_id = w.org_id AND d.person_id = w.person_id
    WHERE r.rollout_id = ${rolloutId} AND ${isWaiting('w')} AND ${servesWaits}
      AND ${lacksWaiting('w')}`);
  return rows[0]?.users ?? 0;
}
