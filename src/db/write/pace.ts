/** The pace of an organization's writes: one row that all workers share. */
import { eq, sql } from 'drizzle-orm';
import type { PaceState } from '../../domain/rollout/pace';
import type { Db, Queryable } from '../connect';
import { orgPace } from '../schema';

export interface StoredPace {
  state: PaceState;
  /** No write before this instant. */
  notBefore: Date | null;
  /** Why there is none, one line. */
  waitReason: string | null;
}

/**
 * Changes the stored pace under a row lock; `fallback` is stored first if there is none. `change`
 * gets the pace and the database's time, which all workers share, and returns the next pace, or null to
 * leave everything as it is.
 */
export function updatePace(
  db: Db,
  orgId: string,
  fallback: PaceState,
  change: (pace: StoredPace, nowMs: number) => StoredPace | null,
): Promise<StoredPace> {
  const isOfOrganization = eq(orgPace.orgId, orgId);
  return db.transaction(async (tx) => {
    await tx.insert(orgPace).values({ orgId, state: fallback }).onConflictDoNothing();
    const [row] = await tx
      .select({
        state: orgPace.state,
        notBefore: orgPace.notBefore,
        waitReason: orgPace.waitReason,
        nowMs: sql<number>`(extract(epoch FROM clock_timestamp()) * 1000)::float8`,
      })
      .from(orgPace)
      .where(isOfOrganization)
      .for('update');
    if (!row) throw new Error('The pace of an organization was deleted while it was changed');
    const { nowMs, ...current } = row;
    const next = change(current, nowMs);
    if (next === null) return current;
    const { state, notBefore, waitReason } = next;
    await tx
      .update(orgPace)
      .set({ state, notBefore, waitReason, updatedAt: sql`now()` })
      .where(isOfOrganization);
    return next;
  });
}

/** Undefined where no pace was ever stored. */
export async function readPace(db: Queryable, orgId: string): Promise<StoredPace | undefined> {
  const [row] = await db.select().from(orgPace).where(eq(orgPace.orgId, orgId));
  return row;
}

/** Ends the wait that Webex asked for; null where there is none. Returns what was waited for. */
export async function liftWait(
  db: Queryable,
  orgId: string,
): Promise<{ until: Date; reason: string | null } | null> {
  const { rows } = await db.execute<{ until: string; reason: string | null }>(sql`
    UPDATE org_pace p SET not_before = NULL, wait_reason = NULL, updated_at = now()
    FROM (SELECT org_id, not_before, wait_reason FROM org_pace
      WHERE org_id = ${orgId} FOR UPDATE) was
    WHERE p.org_id = was.org_id AND was.not_before > clock_timestamp()
    RETURNING was.not_before AS until, was.wait_reason AS reason`);
  const [row] = rows;
  return row ? { until: new Date(row.until), reason: row.reason } : null;
}
