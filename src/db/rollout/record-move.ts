/** Changes of a rollout's phase and flags, each in one transaction with what hangs on it. */
import { sql } from 'drizzle-orm';
import { finalPhases, type Phase } from '../../domain/rollout/rollout-phase';
import type { Db, Queryable } from '../connect';
import { dropWhatWaits, beginToGovern } from '../templates/begin-to-govern';

export interface RecordedMove {
  orgId: string;
  rolloutId: string;
  from: Phase;
  to: Phase;
  version: number;
  actor: { name: string; role: string };
  reason: string;
  waitingFor: string | null;
  wave?: number | null;
  deadlineAt?: Date | null;
  draft?: 'governs' | 'dropped';
}

/** The row is not where the workflow believes it to be: somebody changed it by hand. */
export class RolloutMismatchError extends Error {}

/** Another rollout of the organization is in a writing phase (R25). */
export class OrganizationBusyError extends Error {
  constructor(readonly rolloutId: string) {
    super(`Rollout ${rolloutId} is writing in this organization`);
  }
}

/** Records a move once: asked for again, it is recognized by its version and changes nothing. */
export async function recordMove(db: Db, move: RecordedMove): Promise<void> {
  try {
    await db.transaction(async (tx) => {
      if (!(await updateRow(tx, move))) return;
      if (move.draft === 'governs') await beginToGovern(tx, move);
      if (move.draft === 'dropped') await dropWhatWaits(tx, move.rolloutId);
      await writeAudit(tx, move, auditAction(move), { from: move.from, reason: move.reason });
    });
  } catch (error) {
    if (isBusy(error)) throw new OrganizationBusyError(await writingRollout(db, move.orgId));
    throw error;
  }
}

/** What people did has a name of its own; what the rollout does by itself is named after its phase. */
function auditAction({ from, to }: RecordedMove): string {
  if (from === 'halted' && !isFinal(to)) return 'rollout.resumed';
  if (from === 'planned' && !isFinal(to)) return 'rollout.started';
  if (from === 'awaiting-promotion' && !isFinal(to) && to !== 'halted') return 'rollout.promoted';
  return `rollout.${to}`;
}

async function updateRow(tx: Queryable, move: RecordedMove): Promise<boolean> {
  const { rolloutId, from, to, version, reason } = move;
  const isStart = from === 'planned' && !isFinal(to);
  const isResume = from === 'halted';
  const { rows } = await tx.execute(sql`
    UPDATE rollout SET phase = ${to}, phase_version = ${version}, phase_reason = ${reason || null},
      waiting_for = ${move.waitingFor},
      wave = CASE WHEN ${move.wave !== undefined} THEN ${move.wave ?? null}::smallint ELSE wave END,
      deadline_at = CASE WHEN ${move.deadlineAt !== undefined}
        THEN ${move.deadlineAt?.toISOString() ?? null}::timestamptz ELSE deadline_at END,
      halted_from = CASE WHEN ${to} = 'halted' THEN ${from} ELSE NULL END,
      hold = CASE WHEN ${isResume} THEN NULL WHEN ${to} = 'halted' THEN coalesce(hold, ${reason}) ELSE hold END,
      paused = CASE WHEN ${isResume || isFinal(to)} THEN false ELSE paused END,
      guard_from = CASE WHEN ${isResume} THEN ${guardCount(rolloutId)} ELSE guard_from END,
      last_write_at = CASE WHEN ${from} IN ('piloting', 'rolling-out')
        THEN (SELECT max(written_at) FROM rollout_user WHERE rollout_id = ${rolloutId})
        ELSE last_write_at END,
      planned_at = CASE WHEN ${to} = 'planned' THEN now() ELSE planned_at END,
      started_at = CASE WHEN ${isStart} THEN now() ELSE started_at END,
      started_by = CASE WHEN ${isStart} THEN ${move.actor.name} ELSE started_by END,
      ended_at = CASE WHEN ${isFinal(to)} THEN now() ELSE NULL END
    WHERE rollout_id = ${rolloutId} AND phase = ${from} AND phase_version = ${version - 1}
    RETURNING rollout_id`);
  if (rows.length > 0) return true;
  const seen = await tx.execute<{ phase: Phase; phase_version: number }>(
    sql`SELECT phase, phase_version FROM rollout WHERE rollout_id = ${rolloutId}`,
  );
  const row = seen.rows[0];
  if (row?.phase === to && row.phase_version === version) return false;
  throw new RolloutMismatchError(
    `Rollout ${rolloutId} is ${row?.phase ?? 'missing'} at version ${row?.phase_version ?? 0}; ` +
      `${from} at ${version - 1} was expected`,
  );
}

/** What the failure guard counts, as JSON. */
export function guardCount(rolloutId: string) {
  return sql`(SELECT jsonb_build_object('written', count(*), 'failed', count(*) FILTER (WHERE outcome = 'failed'))
    FROM rollout_user WHERE rollout_id = ${rolloutId} AND attempts > 0 AND outcome <> 'planned')`;
}

function isFinal(phase: Phase): boolean {
  return (finalPhases as readonly Phase[]).includes(phase);
}

function isBusy(error: unknown): boolean {
  const { constraint } = (error as { cause?: { constraint?: string } }).cause ?? {};
  return constraint === 'rollout_one_writing';
}

async function writingRollout(db: Db, orgId: string): Promise<string> {
  const { rows } = await db.execute<{ rollout_id: string }>(sql`
    SELECT rollout_id FROM rollout WHERE org_id = ${orgId}
      AND phase IN ('piloting', 'awaiting-promotion', 'rolling-out', 'halted')`);
  return rows[0]?.rollout_id ?? '';
}

async function writeAudit(
  tx: Queryable,
  entry: { orgId: string; rolloutId: string; actor: { name: string; role: string } },
  action: string,
  details: Record<string, unknown>,
): Promise<void> {
  await tx.execute(sql`
    INSERT INTO audit_event (org_id, actor, role, action, target, details)
    VALUES (${entry.orgId}, ${entry.actor.name}, ${entry.actor.role}, ${action},
      ${`rollouts/${entry.rolloutId}`}, ${JSON.stringify(details)}::jsonb)`);
}

/** Sets or lifts the pause. Waits for permits that are being given: none is given after it. */
export async function recordPause(
  db: Db,
  input: {
    orgId: string;
    rolloutId: string;
    paused: boolean;
    version: number;
    actor: { name: string; role: string };
    reason: string;
  },
): Promise<void> {
  await db.transaction(async (tx) => {
    const { rows } = await tx.execute(sql`
      UPDATE rollout SET paused = ${input.paused}, phase_version = ${input.version}
      WHERE rollout_id = ${input.rolloutId} AND phase_version = ${input.version - 1}
      RETURNING rollout_id`);
    if (rows.length === 0) return;
    const action = input.paused ? 'rollout.paused' : 'rollout.resumed';
    await writeAudit(tx, input, action, { reason: input.reason });
  });
}

export async function recordWaiting(
  db: Db,
  input: { rolloutId: string; waitingFor: string | null; deadlineAt: Date | null },
): Promise<void> {
  await db.execute(sql`
    UPDATE rollout SET waiting_for = ${input.waitingFor},
      deadline_at = coalesce(${input.deadlineAt?.toISOString() ?? null}::timestamptz, deadline_at)
    WHERE rollout_id = ${input.rolloutId}`);
}

/** Rows without a write become `withheld`; one whose answer was lost is `failed`, and says so. */
export async function withholdUnwritten(db: Db, rolloutId: string): Promise<void> {
  await db.execute(sql`
    UPDATE rollout_user SET in_flight_until = NULL,
      outcome = CASE WHEN intent_at IS NULL THEN 'withheld' ELSE 'failed' END,
      detail = CASE WHEN intent_at IS NULL THEN 'the rollout ended before this user was written'
        WHEN put_back IS NOT NULL
          THEN 'the rollout ended before the other half of a replacement could be put back'
        ELSE 'the answer to the write was lost and the rollout ended before it could be repeated' END
    WHERE rollout_id = ${rolloutId} AND outcome = 'planned'`);
}

/**
 * Stops further writes when the failure guard, as counted since the last resume, says so. A resume in
 * between has taken note of those failures: then nothing is held.
 */
export async function holdIfTripped(
  db: Db,
  rolloutId: string,
  judge: (count: { written: number; failed: number }) => string | null,
): Promise<string | null> {
  const { rows } = await db.execute<{
    written: number;
    failed: number;
    hold: string | null;
    guardFrom: string | null;
  }>(sql`
    SELECT r.guard_from::text AS "guardFrom", count(u.seq)::int - coalesce((r.guard_from->>'written')::int, 0) AS written,
      (count(u.seq) FILTER (WHERE u.outcome = 'failed'))::int
        - coalesce((r.guard_from->>'failed')::int, 0) AS failed, r.hold
    FROM rollout r LEFT JOIN rollout_user u
      ON u.rollout_id = r.rollout_id AND u.attempts > 0 AND u.outcome <> 'planned'
    WHERE r.rollout_id = ${rolloutId} GROUP BY r.rollout_id`);
  const [count] = rows;
  if (!count) return null;
  if (count.hold !== null) return count.hold;
  const reason = judge(count);
  if (reason === null) return null;
  const held = await db.execute(sql`
    UPDATE rollout SET hold = coalesce(hold, ${reason})
    WHERE rollout_id = ${rolloutId} AND guard_from::text IS NOT DISTINCT FROM ${count.guardFrom}
    RETURNING rollout_id`);
  return held.rows.length > 0 ? reason : null;
}

/** From now on nothing is written until `resume`. */
export async function recordHold(db: Db, rolloutId: string, reason: string): Promise<void> {
  await db.execute(
    sql`UPDATE rollout SET hold = coalesce(hold, ${reason}) WHERE rollout_id = ${rolloutId}`,
  );
}
