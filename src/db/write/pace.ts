/** The pace of an organization's writes: one row that all workers share. */
import { eq, sql } from 'drizzle-orm';
import type { PaceState } from '../../domain/rollout/pace';
import type { Db, Queryable } from '../connect';
import { orgPace } from '../schema';

export interface StoredPace {
  state: PaceState;
  /** No write before this instant. */
  notBefore: Date | null;
}

/**
 * Changes the stored pace under a row lock; `fallback` is stored first if there is none. `change`
 * gets the pace and returns the next one, or null to leave everything as it is.
 */
export function updatePace(
  db: Db,
  orgId: string,
  fallback: PaceState,
  change: (pace: StoredPace) => StoredPace | null,
): Promise<StoredPace> {
  const isOfOrganization = eq(orgPace.orgId, orgId);
  return db.transaction(async (tx) => {
    await tx.insert(orgPace).values({ orgId, state: fallback }).onConflictDoNothing();
    const [row] = await tx
      .select({ state: orgPace.state, notBefore: orgPace.notBefore })
      .from(orgPace)
      .where(isOfOrganization)
      .for('update');
    const current = row ?? { state: fallback, notBefore: null };
    const next = change(current);
    if (next === null) return current;
    const { state, notBefore } = next;
    await tx
      .update(orgPace)
      .set({ state, notBefore, updatedAt: sql`now()` })
      .where(isOfOrganization);
    return next;
  });
}

/** Undefined where no pace was ever stored. */
export async function readPace(db: Queryable, orgId: string): Promise<StoredPace | undefined> {
  const [row] = await db.select().from(orgPace).where(eq(orgPace.orgId, orgId));
  return row;
}
