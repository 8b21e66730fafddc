/** Planning a rollout again, and opening the one that takes up what it has left (R102). */
import { and, eq, notInArray, sql } from 'drizzle-orm';
import type { NextRequest } from '../../domain/request/next-request';
import { finalPhases } from '../../domain/rollout/rollout-phase';
import { owedPatienceMinutes } from '../../domain/rollout/what-is-left';
import { recordAudit } from '../admin/audit';
import type { Queryable } from '../connect';
import { rollout } from '../schema';
import { openDebts, openUsers } from '../write/tally';
import { findRollout, insertRollout, type RolloutRow } from './rollouts';

/** Another request to plan the same rollout again came after this one, or was planned before it. */
export class ReplanOvertakenError extends Error {
  override readonly name = 'ReplanOvertakenError';
  constructor() {
    super('Another request to plan this rollout again came in between. Read the rollout first.');
  }
}

/** Keeps what is to be planned until the workflow acts on it; false if the rollout has moved on. */
export async function keepNextRequest(
  db: Queryable,
  seen: Pick<RolloutRow, 'rolloutId' | 'phaseVersion'>,
  nextRequest: NextRequest,
): Promise<boolean> {
  const kept = await db
    .update(rollout)
    .set({ nextRequest })
    .where(and(eq(rollout.rolloutId, seen.rolloutId), eq(rollout.phaseVersion, seen.phaseVersion)))
    .returning({ rolloutId: rollout.rolloutId });
  return kept.length > 0;
}

/** Whether the workflow has acted on a request to plan again: its move and this are one transaction. */
export async function hasActedOn(
  db: Queryable,
  { orgId, rolloutId }: Pick<RolloutRow, 'orgId' | 'rolloutId'>,
  requestId: string,
): Promise<boolean> {
  const { rows } = await db.execute(sql`
    SELECT 1 FROM audit_event e WHERE e.org_id = ${orgId} AND e.action = 'rollout.replanned'
      AND e.target = ${`rollouts/${rolloutId}`} AND e.details->>'requestId' = ${requestId}
    LIMIT 1`);
  return rows.length > 0;
}

/** Of a rollout that was read: throws where its next request is another one. */
export function nextRequestOf({ nextRequest }: RolloutRow, requestId: string): NextRequest {
  if (nextRequest?.requestId !== requestId) throw new ReplanOvertakenError();
  return nextRequest;
}

/**
 * Whom the rollout after this one succeeds. One that never had a plan has left nothing of its own, so
 * that what it was to take up is taken up in its place.
 */
export function succeeded({ rolloutId, replanOf, plannedAt }: RolloutRow): string {
  return plannedAt === null ? (replanOf ?? rolloutId) : rolloutId;
}

/**
 * The rollout whose rows the plan of this one takes up; null: the change itself says whom it reaches,
 * because this is the first rollout, or the first one never had a plan.
 */
export async function takesUpFrom(
  db: Queryable,
  { orgId, replanOf }: Pick<RolloutRow, 'orgId' | 'replanOf'>,
): Promise<string | null> {
  const from = replanOf === null ? undefined : await findRollout(db, orgId, replanOf);
  return from?.plannedAt ? from.rolloutId : null;
}

/** The rollout that takes up what another one leaves, with its draft, and with the template it ends. */
export async function openSuccessor(
  tx: Queryable,
  from: RolloutRow,
  next: NextRequest,
  actor: { name: string; role: string },
): Promise<RolloutRow> {
  const { orgId, templateId } = from;
  const replanOf = succeeded(from);
  const { requestId: rolloutId, request, title, templateRevision, createdBy, workflowId } = next;
  const successor = await insertRollout(tx, {
    orgId,
    rolloutId,
    replanOf,
    request,
    title,
    templateId,
    templateRevision,
    phase: 'planning',
    createdBy,
    workflowId,
  });
  await adoptChange(tx, from, successor);
  await recordAudit(tx, {
    orgId,
    actor,
    action: 'rollout.created',
    target: `rollouts/${rolloutId}`,
    details: { title, reason: request.reason, replanOf },
  });
  return successor;
}

/**
 * The draft that the first rollout tried, also one that was dropped with it if nothing was saved since;
 * and the template that it was to end or has ended.
 */
async function adoptChange(tx: Queryable, from: RolloutRow, to: RolloutRow): Promise<void> {
  const { change } = to.request;
  await tx.execute(sql`
    UPDATE template SET draft_rollout_id = ${to.rolloutId}
    WHERE draft_rollout_id = ${from.rolloutId} AND draft_revision IS NOT NULL`);
  await tx.execute(sql`
    UPDATE template SET ending_rollout_id = ${to.rolloutId}
    WHERE ending_rollout_id = ${from.rolloutId}`);
  if (change.kind === 'template') {
    await tx.execute(sql`
      UPDATE template SET draft_revision = ${change.revision}, draft_rollout_id = ${to.rolloutId},
        updated_at = now()
      WHERE template_id = ${change.templateId} AND deleted_at IS NULL AND draft_revision IS NULL
        AND latest_revision = ${change.revision}
        AND in_force_revision IS DISTINCT FROM ${change.revision}`);
  }
  if (change.kind === 'delete-template') {
    await tx.execute(sql`
      UPDATE template SET ending_rollout_id = ${to.rolloutId}
      WHERE template_id = ${change.templateId} AND deleted_at IS NULL
        AND ending_rollout_id IS NULL`);
  }
}

/**
 * Whether a rollout that has ended still closes rows: its last writes end, and what it owes is put back,
 * which isn't waited for without end.
 */
export async function hasOpenRows(db: Queryable, rolloutId: string): Promise<boolean> {
  const { rows } = await db.execute(sql`
    SELECT 1 FROM rollout r, LATERAL (
      SELECT ${openUsers(sql`r.rollout_id`)} AS open, ${openDebts(sql`r.rollout_id`)} AS owed) u
    WHERE r.rollout_id = ${rolloutId} AND (u.open > u.owed
      OR u.owed > 0 AND r.ended_at > now() - make_interval(mins => ${owedPatienceMinutes}))`);
  return rows.length > 0;
}

/** Users to whom a rollout still owes what it removed (R95): no plan takes them up meanwhile. */
export async function countOwed(db: Queryable, rolloutId: string): Promise<number> {
  const { rows } = await db.execute<{ users: number }>(sql`
    SELECT ${openDebts(rolloutId)} AS users`);
  return rows[0]?.users ?? 0;
}

/** The rollout that has taken up what another one left, and hasn't ended; locks the first one's row. */
export async function livingSuccessor(
  tx: Queryable,
  rolloutId: string,
): Promise<RolloutRow | undefined> {
  await tx.execute(sql`SELECT 1 FROM rollout WHERE rollout_id = ${rolloutId} FOR UPDATE`);
  return findSuccessor(tx, rolloutId);
}

/** The same without the lock, for readers. */
export async function findSuccessor(
  db: Queryable,
  rolloutId: string,
): Promise<RolloutRow | undefined> {
  const [row] = await db
    .select()
    .from(rollout)
    .where(and(eq(rollout.replanOf, rolloutId), notInArray(rollout.phase, [...finalPhases])));
  return row;
}
