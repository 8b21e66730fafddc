import { and, asc, eq, inArray, isNotNull, isNull, notExists, notInArray, sql } from 'drizzle-orm';
import type { Queryable } from '../connect';
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
 */
export async function settleAction(
  db: Queryable,
  settled: { updateId: string; result: string; now: Date },
): Promise<void> {
  await db.transaction(async (tx) => {
    const [row] = await tx
      .update(pendingAction)
      .set({ settledAt: settled.now, result: settled.result })
      .where(eq(pendingAction.updateId, settled.updateId))
      .returning({ rolloutId: pendingAction.rolloutId });
    if (row) await releaseBrake(tx, row.rolloutId);
  });
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
