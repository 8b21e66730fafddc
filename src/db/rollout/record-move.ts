/** A rollout's moves from phase to phase, each in one transaction with everything it causes. */
import { and, eq, sql } from 'drizzle-orm';
import { isFinal, permittingPhases, type Phase } from '../../domain/rollout/rollout-phase';
import { recordAudit } from '../admin/audit';
import type { Queryable } from '../connect';
import { rollout } from '../schema';
import { beginToGovern, dropWaitingChange } from '../templates/begin-to-govern';
import { guardFromHere, guardFromIfTripped } from '../write/failure-guard';
import { nextRequestOf, openSuccessor } from './replan';
import { findRollout, findWritingRollout } from './rollouts';
import { giveBackTaken, takeUpWaiting } from './taken-rows';

export interface RecordedMove {
  orgId: string;
  rolloutId: string;
  from: Phase;
  to: Phase;
  /** `phase_version` after the move. */
  version: number;
  actor: { name: string; role: string };
  reason: string;
  waitingFor: string | null;
  /** Absent: isn't changed. */
  wave?: number | null;
  deadlineAt?: Date | null;
  draft?: 'governs' | 'dropped';
  /** R102: the kept request that is planned in its place, or that takes up what it leaves. */
  requestId?: string;
}

/** The row is not where the workflow believes it to be: somebody changed it by hand. */
export class RolloutMismatchError extends Error {
  override readonly name = 'RolloutMismatchError';
}

/** Another rollout of the organization is in a writing phase (R25). */
export class OrganizationBusyError extends Error {
  override readonly name = 'OrganizationBusyError';
  constructor(readonly rolloutId: string) {
    super(`Rollout ${rolloutId} is writing in this organization`);
  }
}

/** Records a move once: asked for again, it is recognized by its version and changes nothing. */
export async function recordMove(db: Queryable, move: RecordedMove): Promise<void> {
  const { orgId, rolloutId, from, reason, actor } = move;
  try {
    await db.transaction(async (tx) => {
      if (!(await updateRow(tx, move))) return;
      if (move.requestId !== undefined) await planAgain(tx, move, move.requestId);
      if (move.draft === 'governs') await beginToGovern(tx, move);
      if (move.draft === 'dropped') await dropWaitingChange(tx, rolloutId);
      if (isStart(move)) await takeUpWaiting(tx, rolloutId);
      if (isUnstarted(from) && isFinal(move.to)) await giveBackTaken(tx, rolloutId);
      await recordAudit(tx, {
        orgId,
        actor,
        action: auditAction(move),
        target: `rollouts/${rolloutId}`,
        details: { from, reason, ...(move.requestId ? { requestId: move.requestId } : {}) },
      });
    });
  } catch (error) {
    if (!isBusy(error)) throw error;
    const writing = await findWritingRollout(db, orgId);
    throw new OrganizationBusyError(writing?.rolloutId ?? '');
  }
}

function isUnstarted(phase: Phase): boolean {
  return phase === 'planning' || phase === 'planned';
}

/** A rollout that ends hands over to another; one that was never started is planned once more itself. */
async function planAgain(tx: Queryable, move: RecordedMove, requestId: string): Promise<void> {
  const row = await findRollout(tx, move.orgId, move.rolloutId);
  const next = row && nextRequestOf(row, requestId);
  if (row && next && isFinal(move.to)) await openSuccessor(tx, row, next, move.actor);
}

/** What people do has a name of its own; what the rollout does is named after its phase. */
function auditAction(move: RecordedMove): string {
  const { from, to } = move;
  if (move.requestId !== undefined) return 'rollout.replanned';
  if (from === 'halted' && !isFinal(to)) return 'rollout.resumed';
  if (isStart(move)) return 'rollout.started';
  if (isPromotion(move)) return 'rollout.promoted';
  return `rollout.${to}`;
}

function isStart({ from, to }: RecordedMove): boolean {
  return from === 'planned' && to !== 'planning' && !isFinal(to);
}

function isPromotion({ from, to }: RecordedMove): boolean {
  return from === 'awaiting-promotion' && !isFinal(to) && to !== 'halted';
}

/** False where the move was recorded before. */
async function updateRow(tx: Queryable, move: RecordedMove): Promise<boolean> {
  const { rolloutId, from, to, version, reason, waitingFor, wave, deadlineAt } = move;
  const isRollout = eq(rollout.rolloutId, rolloutId);
  const moved = await tx
    .update(rollout)
    .set({
      phase: to,
      phaseVersion: version,
      phaseReason: reason || null,
      waitingFor,
      wave,
      deadlineAt,
      nextRequest: to === 'planned' ? null : undefined,
      soaksUntil: null,
      wentOnAt: sql`now()`,
      readTrouble: null,
      planStale: null,
      ...flagsAfter(move),
      ...timesAfter(move),
    })
    .where(and(isRollout, eq(rollout.phase, from), eq(rollout.phaseVersion, version - 1)))
    .returning({ rolloutId: rollout.rolloutId });
  if (moved.length > 0) return true;
  const [row] = await tx
    .select({ phase: rollout.phase, version: rollout.phaseVersion })
    .from(rollout)
    .where(isRollout);
  if (row?.phase === to && row.version === version) return false;
  throw new RolloutMismatchError(
    `Rollout ${rolloutId} is ${row?.phase ?? 'missing'} at version ${row?.version ?? 0}; ` +
      `${from} at ${version - 1} was expected`,
  );
}

/**
 * A halt holds all writes; a resume lifts that, and the failure guard counts from there. So it does
 * after the promotion of a wave in which more users failed than may.
 */
function flagsAfter(move: RecordedMove) {
  const { from, to, reason } = move;
  const isResume = from === 'halted';
  const holds = to === 'halted' ? sql`coalesce(${rollout.hold}, ${reason})` : undefined;
  return {
    haltedFrom: to === 'halted' ? from : null,
    hold: isResume ? null : holds,
    ...(isResume || isFinal(to) ? { paused: false, pausedBy: null, pauseReason: null } : {}),
    brakeAt: isFinal(to) ? null : undefined,
    guardFrom: isResume ? guardFromHere : isPromotion(move) ? guardFromIfTripped : undefined,
  };
}

function timesAfter(move: RecordedMove) {
  const { rolloutId, from, to, actor } = move;
  const now = sql`now()`;
  const mayHaveWritten = (permittingPhases as readonly Phase[]).includes(from);
  return {
    plannedAt: to === 'planned' ? now : undefined,
    startedAt: isStart(move) ? now : undefined,
    startedBy: isStart(move) ? actor.name : undefined,
    endedAt: isFinal(to) ? now : null,
    lastWriteAt: mayHaveWritten
      ? sql`(SELECT max(written_at) FROM rollout_user WHERE rollout_id = ${rolloutId})`
      : undefined,
  };
}

/** Whether the unique index over writing rollouts refused the move. */
function isBusy(error: unknown): boolean {
  const { constraint } = (error as { cause?: { constraint?: string } }).cause ?? {};
  return constraint === 'rollout_one_writing';
}
