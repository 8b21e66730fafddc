import { sql, type SQL } from 'drizzle-orm';
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
  const isOver = isFinal(phase);
  const [noWorker, facts, predecessor] = await Promise.all([
    readWorkerAway(db, orgId),
    readFacts(db, row),
    phase === 'planning' ? readPredecessor(db, row) : null,
  ]);
  const common = { owed: facts.owed, noWorker };
  if (phase === 'planning') return { ...noWaits, ...common, ...actionsOf(facts), predecessor };
  if (!isOver) return { ...noWaits, ...common, ...openWaits(row, facts) };
  const throttle = facts.owed === null ? {} : throttleOf(facts);
  const lastWrites = await countLastWrites(db, rolloutId);
  const withoutUnit = phase === 'failed' ? 0 : await countWaiting(db, rolloutId);
  return { ...noWaits, ...common, ...throttle, lastWrites, withoutUnit };
}

function openWaits({ phase }: RolloutRow, facts: Facts): Partial<StoredWaits> {
  const common = { ...actionsOf(facts), ...throttleOf(facts) };
  if (!isWriting(phase)) return common;
  const { soakSeconds, retrying, busy } = facts;
  return { ...common, soakSeconds, retrying, busy };
}

interface Action {
  action: string;
}

interface Facts extends Record<string, unknown> {
  owed: NonNullable<StoredWaits['owed']> | null;
  accepted: (Action & { at: string }) | null;
  refused: (Action & { why: string }) | null;
  throttled: { until: string; reason: string | null; seconds: number } | null;
  soakSeconds: number | null;
  retrying: NonNullable<StoredWaits['retrying']> | null;
  busy: NonNullable<StoredWaits['busy']> | null;
}

/** In one statement: whoever looks at a rollout asks for all of it, every second. */
async function readFacts(db: Queryable, { orgId, rolloutId, phase }: RolloutRow): Promise<Facts> {
  const isOpen = !isFinal(phase);
  const writes = isOpen && isWriting(phase);
  const where = (isAsked: boolean, fact: SQL) => (isAsked ? fact : sql`NULL::jsonb`);
  const { rows } = await db.execute<Facts>(sql`
    SELECT ${owedUsers(orgId, rolloutId)} AS owed, ${throttle(orgId)} AS throttled,
      ${where(isOpen, acceptedAction(rolloutId))} AS accepted,
      ${where(isOpen, refusedAction(rolloutId))} AS refused,
      ${where(writes, soakSeconds(rolloutId))} AS "soakSeconds",
      ${where(writes, retryingUsers(rolloutId))} AS retrying,
      ${where(writes, busyUsers(orgId, rolloutId))} AS busy`);
  const [facts] = rows;
  if (!facts) throw new Error('a statement without FROM has returned no row');
  return facts;
}

function actionsOf({ accepted, refused }: Facts): Pick<StoredWaits, 'accepted' | 'refused'> {
  return {
    accepted: accepted ? { ...accepted, action: actionOfUpdate(accepted.action) } : null,
    refused: refused ? { ...refused, action: actionOfUpdate(refused.action) } : null,
  };
}

function throttleOf({ throttled }: Facts): Pick<StoredWaits, 'throttled' | 'throttledSeconds'> {
  if (!throttled) return { throttled: null, throttledSeconds: 0 };
  const { seconds, ...wait } = throttled;
  return { throttled: wait, throttledSeconds: seconds };
}

/** What the last attempt of these users met, and how many they are; null: there are none. */
const usersInTrouble = sql`CASE WHEN count(*) > 0 THEN jsonb_build_object('users', count(*),
  'lastError', (array_agg(u.detail ORDER BY u.intent_at DESC NULLS LAST)
    FILTER (WHERE u.detail IS NOT NULL))[1]) END`;

/** Users to whom something is owed (R95), and what the last attempt to put it back met. */
const owedUsers = (orgId: string, rolloutId: string) => sql`(
  SELECT ${usersInTrouble} FROM rollout_user u
  WHERE u.org_id = ${orgId} AND u.rollout_id = ${rolloutId} AND u.put_back IS NOT NULL)`;

/** Users whose attempts fail, what the last one met, and since when. */
const retryingUsers = (rolloutId: string) => sql`(
  SELECT ${usersInTrouble} || jsonb_build_object('since', ${isoText('min(u.trouble_since)')})
  FROM rollout_user u
  WHERE u.rollout_id = ${rolloutId} AND u.outcome = 'planned' AND u.trouble_since IS NOT NULL)`;

/** Until when Webex has asked the organization to wait. */
const throttle = (orgId: string) => sql`(
  SELECT jsonb_build_object('until', ${isoText('p.not_before')}, 'reason', p.wait_reason,
    'seconds', extract(epoch FROM p.not_before - clock_timestamp()))
  FROM org_pace p WHERE p.org_id = ${orgId} AND p.not_before > clock_timestamp())`;

const soakSeconds = (rolloutId: string) => sql`(
  SELECT to_jsonb(greatest(0, extract(epoch FROM r.soaks_until - clock_timestamp())))
  FROM rollout r WHERE r.rollout_id = ${rolloutId} AND r.soaks_until IS NOT NULL)`;

/** The action that waits for a worker. */
const acceptedAction = (rolloutId: string) => sql`(
  SELECT jsonb_build_object('action', a.update_name, 'at', ${isoText('a.created_at')})
  FROM pending_action a WHERE a.rollout_id = ${rolloutId} AND a.settled_at IS NULL
  ORDER BY a.created_at LIMIT 1)`;

/** The last action that was refused after it had been accepted. */
const refusedAction = (rolloutId: string) => sql`(
  SELECT jsonb_build_object('action', a.update_name, 'why',
    regexp_replace(a.result, '^refused: ', ''))
  FROM pending_action a JOIN rollout r USING (rollout_id)
  WHERE a.rollout_id = ${rolloutId} AND a.settled_at IS NOT NULL AND a.result <> 'applied'
    -- of what was asked for while the rollout was as it is now
    AND (r.phase = 'planned' OR (a.input->>'expectedPhaseVersion')::int = r.phase_version)
  ORDER BY a.settled_at DESC LIMIT 1)`;

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
