/**
 * Permission, intent and outcome of one user's write. Each is one statement, so that a crash at any
 * point leaves a state from which the activity can simply be repeated.
 */
import type { Change } from '../../domain/model/change';
import type { Holdings } from '../../domain/model/user';
import type { Outcome, Pending } from '../../domain/model/outcome';
import type { Phase } from '../../domain/rollout/rollout-phase';
import type { Db } from '../connect';

export interface IntendedWrite {
  personId: string;
  before: Holdings;
  changes: Change[];
  pending: Pending;
  /** This attempt included. */
  attempts: number;
}

export type Permit =
  | { kind: 'granted'; write: IntendedWrite }
  /** The row has its outcome already: an earlier attempt ended well but could not say so. */
  | { kind: 'done'; outcome: Outcome }
  /** An earlier attempt found half of a replacement refused. */
  | { kind: 'put-back' }
  /** Pause, hold or a phase between waves: ask again later. `hold`: why the rollout must halt. */
  | { kind: 'held'; hold: string | null }
  /** The rollout has ended. */
  | { kind: 'stopped' }
  /** The organization must wait this long (429, 423). */
  | { kind: 'not-before'; waitMs: number }
  /** Another job has a write of this user under way. */
  | { kind: 'user-busy' };

/**
 * Longer than a permit is used (`permitLifeMs`) and a call takes (HTTP time-out: 8 s) together: after
 * it, no write of this permit can begin or be under way.
 */
export const inFlight = "interval '12 seconds'";

/** A permit is for a call that begins this soon after asking for it. */
export const permitLifeMs = 3_000;

/**
 * Checks phase, pause, guards and the organization's "not before", and records the intent, in one
 * statement: the share lock on the rollout's row makes a pause wait for it, and it for a pause.
 */
const permitStatement = `
  WITH permit AS MATERIALIZED (
    SELECT r.rollout_id FROM rollout r
    WHERE r.rollout_id = $1 AND r.phase IN ('piloting', 'rolling-out') AND NOT r.paused
      AND r.hold IS NULL AND NOT EXISTS (
        SELECT 1 FROM org_pace p WHERE p.org_id = r.org_id AND p.not_before > clock_timestamp())
    FOR SHARE OF r
  )
  UPDATE rollout_user u SET intent_at = clock_timestamp(), attempts = u.attempts + 1,
    in_flight_until = clock_timestamp() + ${inFlight}
  FROM permit
  WHERE u.rollout_id = permit.rollout_id AND u.seq = $2 AND u.outcome = 'planned'
    AND u.put_back IS NULL
  RETURNING u.person_id AS "personId", u.before, u.changes, u.pending, u.attempts`;

const refusalStatement = `
  SELECT r.phase, r.paused, r.hold, u.outcome, u.put_back IS NOT NULL AS "putBack",
    extract(epoch FROM p.not_before - clock_timestamp()) * 1000 AS "waitMs"
  FROM rollout_user u JOIN rollout r USING (rollout_id)
    LEFT JOIN org_pace p ON p.org_id = r.org_id
  WHERE u.rollout_id = $1 AND u.seq = $2`;

const uniqueViolation = '23505';

export async function takePermit(db: Db, rolloutId: string, seq: number): Promise<Permit> {
  try {
    const granted = await db.$client.query<IntendedWrite>({
      name: 'permit',
      text: permitStatement,
      values: [rolloutId, seq],
    });
    const [write] = granted.rows;
    if (write) return { kind: 'granted', write };
  } catch (error) {
    if ((error as { code?: string }).code === uniqueViolation) return { kind: 'user-busy' };
    throw error;
  }
  return await whyRefused(db, rolloutId, seq);
}

/** Why a permission was not given, as of now. */
export async function whyRefused(
  db: Db,
  rolloutId: string,
  seq: number,
): Promise<Exclude<Permit, { kind: 'granted' | 'user-busy' }>> {
  const { rows } = await db.$client.query<{
    phase: Phase;
    paused: boolean;
    hold: string | null;
    outcome: Outcome;
    putBack: boolean;
    waitMs: string | null;
  }>(refusalStatement, [rolloutId, seq]);
  const [row] = rows;
  if (!row) return { kind: 'stopped' };
  if (row.outcome !== 'planned') return { kind: 'done', outcome: row.outcome };
  const waitMs = Number(row.waitMs ?? 0);
  if (row.phase === 'piloting' || row.phase === 'rolling-out') {
    if (row.paused || row.hold !== null) return { kind: 'held', hold: row.hold };
    if (row.putBack && waitMs <= 0) return { kind: 'put-back' };
    return { kind: 'not-before', waitMs: Math.max(50, waitMs) };
  }
  return row.phase === 'halted' || row.phase === 'awaiting-promotion'
    ? { kind: 'held', hold: null }
    : { kind: 'stopped' };
}

export interface EndedCall {
  rolloutId: string;
  seq: number;
  /** `attempts` of the permit: the end of an earlier call says nothing about a later one. */
  attempts: number;
  /** Nothing was tried: the attempt doesn't count. A first one then leaves no intent either. */
  isUncounted: boolean;
  detail: string | null;
}

/**
 * The call has returned without an outcome. The intent stays open where this call or one before it
 * may have done the work.
 */
export async function endCall(db: Db, input: EndedCall): Promise<void> {
  const { rolloutId, seq, attempts, isUncounted, detail } = input;
  await db.$client.query({
    name: 'end-call',
    text: `UPDATE rollout_user SET in_flight_until = NULL, detail = $5,
        intent_at = CASE WHEN $4 AND attempts = 1 THEN NULL ELSE intent_at END,
        attempts = attempts - CASE WHEN $4 THEN 1 ELSE 0 END
      WHERE rollout_id = $1 AND seq = $2 AND outcome = 'planned' AND attempts = $3`,
    values: [rolloutId, seq, attempts, isUncounted, detail],
  });
}

export interface OutcomeRecord {
  rolloutId: string;
  seq: number;
  outcome: Outcome;
  /** What the answer showed; null when there was none. */
  answered: Holdings | null;
  /** Changes that took place: one ledger row each, once. */
  done: Change[];
  refused: Change[];
  detail: string | null;
  trackingId: string | null;
  /** Set: these have to put the other half back (R40); while they do the row stays open. */
  putBack: Change[] | null;
  actor: string;
}

const outcomeStatement = `
  WITH row AS (
    UPDATE rollout_user SET outcome = $3, pending = CASE $3 WHEN 'waiting-for-seat' THEN 'unit'
        WHEN 'host-pending' THEN 'host' ELSE pending END, answered = coalesce($4::jsonb, answered),
      refused = $5::jsonb, detail = $6, tracking_id = coalesce($7, tracking_id),
      put_back = $8::jsonb, written_at = CASE WHEN $4::jsonb IS NULL THEN written_at ELSE now() END,
      in_flight_until = CASE WHEN $8::jsonb IS NULL OR $3 <> 'planned' THEN NULL
        ELSE clock_timestamp() + ${inFlight} END
    WHERE rollout_id = $1 AND seq = $2 AND outcome = 'planned'
    RETURNING org_id, person_id, rollout_id, seq
  ), done AS (
    SELECT row.*, c AS change, c->>'operation' AS operation, c->'reason'->>'code' AS code,
      coalesce(c->'target'->>'licenseId', 'attendee:' || (c->'target'->>'site')) AS target
    FROM row, jsonb_array_elements($9::jsonb) c
  ), given AS (
    INSERT INTO provenance AS p (org_id, person_id, target, kind, template_id, revision, rollout_id)
    SELECT d.org_id, d.person_id, d.target,
      CASE WHEN t.owner IS NULL THEN 'manual' ELSE 'template' END,
      t.owner->>'templateId', (t.owner->>'revision')::int, d.rollout_id
    FROM done d JOIN rollout r USING (rollout_id) LEFT JOIN LATERAL (
      SELECT e.owner FROM jsonb_array_elements(d.change->'reason'->'templates')
        WITH ORDINALITY AS e(owner, n)
      ORDER BY (e.owner->>'templateId' = r.template_id::text) DESC, n LIMIT 1) t ON true
    WHERE d.operation = 'add' AND d.code NOT IN ('restored', 'put-back')
    ON CONFLICT (org_id, person_id, target) DO UPDATE SET kind = excluded.kind,
      template_id = excluded.template_id, revision = excluded.revision,
      rollout_id = excluded.rollout_id, since = excluded.since, ended_at = NULL
  ), ended AS (
    UPDATE provenance p SET ended_at = CASE WHEN d.operation = 'remove' THEN now() END FROM done d
    WHERE p.org_id = d.org_id AND p.person_id = d.person_id AND p.target = d.target
      AND (d.operation = 'remove' OR d.code IN ('restored', 'put-back'))
  ), mirror AS (
    UPDATE directory_user d SET answered = $4::jsonb, answered_at = now() FROM row
    WHERE $4::jsonb IS NOT NULL AND d.org_id = row.org_id AND d.person_id = row.person_id
  ), entries AS (
    INSERT INTO ledger (org_id, person_id, rollout_id, seq, operation, target, change, actor)
    SELECT d.org_id, d.person_id, d.rollout_id, d.seq, d.operation, d.target, d.change, $10
    FROM done d
    ON CONFLICT DO NOTHING
  )
  SELECT count(*)::int AS n FROM row`;

/** Records outcome, provenance (R31a), mirror and ledger together. Recording twice changes nothing. */
export async function recordOutcome(db: Db, record: OutcomeRecord): Promise<void> {
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value));
  await db.$client.query({
    name: 'outcome',
    text: outcomeStatement,
    values: [
      record.rolloutId,
      record.seq,
      record.outcome,
      json(record.answered),
      record.refused.length === 0 ? null : json(record.refused),
      record.detail,
      record.trackingId,
      json(record.putBack),
      json(record.done),
      record.actor,
    ],
  });
}

/** Writes that were permitted and may still be under way. */
export async function writesInFlight(db: Db, rolloutId: string): Promise<number> {
  const { rows } = await db.$client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM rollout_user
     WHERE rollout_id = $1 AND in_flight_until IS NOT NULL AND in_flight_until > clock_timestamp()`,
    [rolloutId],
  );
  return rows[0]?.n ?? 0;
}
