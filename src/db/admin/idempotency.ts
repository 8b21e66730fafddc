import { and, eq } from 'drizzle-orm';
import type { Queryable } from '../connect';
import { idempotencyKey } from '../schema';

export type StoredAnswer = typeof idempotencyKey.$inferSelect;

export async function findAnswer(
  db: Queryable,
  orgId: string,
  key: string,
): Promise<StoredAnswer | undefined> {
  const [row] = await db
    .select()
    .from(idempotencyKey)
    .where(and(eq(idempotencyKey.orgId, orgId), eq(idempotencyKey.key, key)));
  return row;
}

/**
 * Keeps the answer to a request under its key, in the transaction of its effect.
 * False where another request got there first: the caller rolls back and reads that answer.
 */
export async function storeAnswer(
  db: Queryable,
  answer: Omit<StoredAnswer, 'createdAt'>,
): Promise<boolean> {
  const inserted = await db
    .insert(idempotencyKey)
    .values(answer)
    .onConflictDoNothing()
    .returning({ key: idempotencyKey.key });
  return inserted.length === 1;
}
