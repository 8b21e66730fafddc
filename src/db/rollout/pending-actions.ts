import { and, asc, eq, inArray, isNotNull, isNull, notExists, notInArray, sql } from 'drizzle-orm';
import type { Queryable } from '../connect';
import { actionOfUpdate, type Action } from '../../domain/rollout/rollout-phase';
import { pendingAction, rollout } from '../schema';

export type PendingAction = typeof pendingAction.$inferSelect;

/** Actions that stop writes from the moment they are accepted, before a workflow takes them. */
const brakes = ['pause', 'abort'] as const;

/**
 * Keeps an action that no worker answered, to be delivered again. Asking twice with one id keeps one.
 * Call it in a transaction: a pause or an abort also puts the brake on, which every permit sees.
 */
export async function keepAction(
  db: Queryable,
  action: Omit<PendingAction, 'createdAt' | 'settledAt' | 'result'>,
): Promise<void> {
  const kept = await db
    .insert(pendingAction)
    .values(action)
    .onConflictDoNothing()
    .returning({ updateId: pendingAction.updateId });
  const isBrake = (brakes as readonly string[]).includes(action.updateName);
  if (kept.length === 0 || !isBrake) return;
  await db
    .update(rollout)
    .set({ brakeAt: sql`coalesce(${rollout.brakeAt}, now())` })
    .where(eq(rollout.rolloutId, action.rolloutId));
}

export async function findPendingAction(
  db: Queryable,
  updateId: string,
): Promise<PendingAction | undefined> {
  const [row] = await db.select().from(pendingAction).where(eq(pendingAction.updateId, updateId));
  return row;
}

/** Actions of a rollout that were accepted, and that no workflow has taken yet, oldest first. */
export async function listAskedActions(db: Queryable, rolloutId: string): Promise<Action[]> {
  const rows = await db
    .select({ updateName: pendingAction.updateName })
    .from(pendingAction)
    .where(and(eq(pendingAction.rolloutId, rolloutId), isNull(pendingAction.settledAt)))
    .orderBy(asc(pendingAction.createdAt), asc(pendingAction.updateId));
  return rows.map(({ updateName }) => actionOfUpdate(updateName));
}

/**
 * Actions of an organization that no workflow has accepted or refused yet, oldest first, without those
 * of some rollouts.
 */
export function listUnsettledActions(
  db: Queryable,
  { orgId, except, limit }: { orgId: string; except: readonly string[]; limit: number },
): Promise<PendingAction[]> {
  return db
    .select()
    .from(pendingAction)
    .where(
      and(
        eq(pendingAction.orgId, orgId),
        isNull(pendingAction.settledAt),
        except.length === 0 ? undefined : notInArray(pendingAction.rolloutId, [...except]),
      ),
    )
    .orderBy(asc(pendingAction.createdAt), asc(pendingAction.updateId))
    .limit(limit);
}

/**
 * `result` is `applied`, or one line with the reason for the refusal. With the last pause or abort that
 * was on its way, the brake is off: a workflow has paused or ended the rollout, or has refused to.
 * Actions that were accepted behind this one were meant for the state that it has led to: `movedTo`.
 */
export async function settleAction(
  db: Queryable,
  settled: { updateId: string; result: string; now: Date; movedTo?: number | undefined },
): Promise<void> {
  const { updateId, result, now: settledAt, movedTo } = settled;
  await db.transaction(async (tx) => {
    const [row] = await tx
      .update(pendingAction)
      .set({ settledAt, result })
      .where(and(eq(pendingAction.updateId, updateId), isNull(pendingAction.settledAt)))
      .returning();
    if (!row) return;
    if (movedTo !== undefined) await moveLaterActions(tx, row, movedTo);
    await releaseBrake(tx, row.rolloutId);
  });
}

async function moveLaterActions(tx: Queryable, done: PendingAction, to: number): Promise<void> {
  await tx.execute(sql`
    UPDATE pending_action SET input = jsonb_set(input, '{expectedPhaseVersion}', to_jsonb(${to}::int))
    WHERE rollout_id = ${done.rolloutId} AND settled_at IS NULL
      AND (created_at, update_id) > (SELECT d.created_at, d.update_id FROM pending_action d
        WHERE d.update_id = ${done.updateId})
      AND input->'expectedPhaseVersion' = ${JSON.stringify(done.input.expectedPhaseVersion ?? null)}::jsonb`);
}

async function releaseBrake(tx: Queryable, rolloutId: string): Promise<void> {
  const others = tx
    .select({ updateId: pendingAction.updateId })
    .from(pendingAction)
    .where(
      and(
        eq(pendingAction.rolloutId, rolloutId),
        isNull(pendingAction.settledAt),
        inArray(pendingAction.updateName, [...brakes]),
      ),
    );
  await tx
    .update(rollout)
    .set({ brakeAt: null })
    .where(and(eq(rollout.rolloutId, rolloutId), isNotNull(rollout.brakeAt), notExists(others)));
}
