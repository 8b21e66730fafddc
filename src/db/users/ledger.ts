import type { Queryable } from '../connect';
import { and, eq, desc } from 'drizzle-orm';
import { ledger } from '../schema';

export type LedgerRow = typeof ledger.$inferSelect;

/** What was added to and removed from a user, newest first. */
export function listLedger(
  db: Queryable,
  user: { orgId: string; personId: string; limit: number },
): Promise<LedgerRow[]> {
  return db
    .select()
    .from(ledger)
    .where(and(eq(ledger.orgId, user.orgId), eq(ledger.personId, user.personId)))
    .orderBy(desc(ledger.ledgerId))
    .limit(user.limit);
}
