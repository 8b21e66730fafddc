import { asc, eq, isNull } from 'drizzle-orm';
import type { Queryable } from '../connect';
import { pendingAction } from '../schema';

export type PendingAction = typeof pendingAction.$inferSelect;

/** Keeps an action that no worker answered, to be delivered again. Asking twice with one id keeps one. */
export async function keepAction(
  db: Queryable,
  action: Omit<PendingAction, 'createdAt' | 'settledAt' | 'result'>,
): Promise<void> {
  await db.insert(pendingAction).values(action).onConflictDoNothing();
}

export async function findPendingAction(
  db: Queryable,
  updateId: string,
): Promise<PendingAction | undefined> {
  const [row] = await db.select().from(pendingAction).where(eq(pendingAction.updateId, updateId));
  return row;
}

/** Actions that no workflow has accepted or refused yet, oldest first. */
export function listUnsettledActions(db: Queryable, limit: number): Promise<PendingAction[]> {
  return db
    .select()
    .from(pendingAction)
    .where(isNull(pendingAction.settledAt))
    .orderBy(asc(pendingAction.createdAt), asc(pendingAction.updateId))
    .limit(limit);
}

/** `result` is `applied`, or one line with the reason for the refusal. */
export async function settleAction(
  db: Queryable,
  settled: { updateId: string; result: string; now: Date },
): Promise<void> {
  await db
    .update(pendingAction)
    .set({ settledAt: settled.now, result: settled.result })
    .where(eq(pendingAction.updateId, settled.updateId));
}
