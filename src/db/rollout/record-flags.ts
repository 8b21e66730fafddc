/** What changes on a rollout between its moves: the pause, what it waits for, and trouble with reads. */
import { sql } from 'drizzle-orm';
import { recordAudit } from '../admin/audit';
import type { Db } from '../connect';
import { isoText } from '../sql';

export interface RecordedPause {
  orgId: string;
  rolloutId: string;
  paused: boolean;
  version: number;
  actor: { name: string; role: string };
  reason: string;
}

/** Sets or lifts the pause. It waits for permits that are being granted; none is granted after it. */
export async function recordPause(db: Db, pause: RecordedPause): Promise<void> {
  const { orgId, rolloutId, paused, version, actor, reason } = pause;
  await db.transaction(async (tx) => {
    const { rows } = await tx.execute(sql`
      UPDATE rollout SET paused = ${paused}, phase_version = ${version},
        paused_by = ${paused ? actor.name : null}, pause_reason = ${(paused && reason) || null},
        brake_at = CASE WHEN NOT ${paused} THEN brake_at END,
        went_on_at = CASE WHEN ${paused} THEN went_on_at ELSE now() END
      WHERE rollout_id = ${rolloutId} AND phase_version = ${version - 1}
      RETURNING rollout_id`);
    if (rows.length === 0) return;
    await recordAudit(tx, {
      orgId,
      actor,
      action: paused ? 'rollout.paused' : 'rollout.resumed',
      target: `rollouts/${rolloutId}`,
      details: { reason },
    });
  });
}

export async function recordWaiting(
  db: Db,
  input: {
    rolloutId: string;
    waitingFor: string | null;
    deadlineAt: Date | null;
    soaksUntil?: Date | null;
  },
): Promise<void> {
  await db.execute(sql`
    UPDATE rollout SET waiting_for = ${input.waitingFor},
      soaks_until = ${input.soaksUntil?.toISOString() ?? null}::timestamptz,
      deadline_at = coalesce(${input.deadlineAt?.toISOString() ?? null}::timestamptz, deadline_at)
    WHERE rollout_id = ${input.rolloutId}`);
}

/** The workflow of a rollout that is planned runs: that it couldn't be started isn't said any more. */
export async function forgetUnstarted(db: Db, rolloutId: string): Promise<void> {
  await db.execute(sql`
    UPDATE rollout SET waiting_for = NULL
    WHERE rollout_id = ${rolloutId} AND phase = 'planning' AND waiting_for IS NOT NULL`);
}

/** Why a read for this rollout failed, one line for people; null: the read has succeeded. */
export async function recordReadTrouble(
  db: Db,
  rolloutId: string,
  trouble: string | null,
): Promise<void> {
  await db.execute(sql`
    UPDATE rollout SET read_trouble = ${trouble}
    WHERE rollout_id = ${rolloutId} AND read_trouble IS DISTINCT FROM ${trouble}`);
}

/** Why the plan was found to be out of date when somebody asked to go on (R101); null: it wasn't. */
export async function recordPlanStale(
  db: Db,
  rolloutId: string,
  planStale: string | null,
): Promise<void> {
  await db.execute(sql`
    UPDATE rollout SET plan_stale = ${planStale}
    WHERE rollout_id = ${rolloutId} AND plan_stale IS DISTINCT FROM ${planStale}`);
}

/** An activity of this rollout failed by itself; the time of its first failure stays. */
export async function recordWorkTrouble(
  db: Db,
  rolloutId: string,
  { activity, error }: { activity: string; error: string },
): Promise<void> {
  await db.execute(sql`
    UPDATE rollout SET work_trouble = jsonb_build_object('activity', ${activity}::text,
      'error', ${error}::text, 'since', CASE WHEN work_trouble->>'activity' = ${activity}
        THEN work_trouble->>'since' ELSE ${isoText('clock_timestamp()')} END)
    WHERE rollout_id = ${rolloutId}`);
}

/** It has succeeded. */
export async function endWorkTrouble(db: Db, rolloutId: string, activity: string): Promise<void> {
  await db.execute(sql`
    UPDATE rollout SET work_trouble = NULL
    WHERE rollout_id = ${rolloutId} AND work_trouble->>'activity' = ${activity}`);
}
