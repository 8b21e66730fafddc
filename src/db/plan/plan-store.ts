/** What planning stores, in one transaction. */
import { eq, sql } from 'drizzle-orm';
import type { NextRequest } from '../../domain/request/next-request';
import type { PlanBasis } from '../../domain/plan/aged/plan-basis';
import type { PlanSummary } from '../../domain/plan/plan-summary';
import type { Queryable } from '../connect';
import { markNow } from '../write/plan-mark';
import { rollout } from '../schema';

/**
 * What waited in earlier rollouts and is taken up by this one has waited since then (R107), whether the
 * watch found it or the rollout was planned again (R102).
 */
export async function keepWaitingSince(tx: Queryable, rolloutId: string): Promise<void> {
  await tx.execute(sql`
    WITH earlier AS (
      SELECT e.person_id, (cause->>'rolloutId')::uuid AS rollout_id
      FROM reaction e, LATERAL jsonb_array_elements(e.causes) AS cause
      WHERE e.rollout_id = ${rolloutId} AND cause->>'kind' = 'units-free'
      UNION ALL
      SELECT n.person_id, r.replan_of FROM rollout r JOIN rollout_user n USING (rollout_id)
      WHERE r.rollout_id = ${rolloutId} AND r.replan_of IS NOT NULL
    ), waited AS (
      SELECT o.person_id, min(coalesce(o.waits_since, r.started_at)) AS since
      FROM earlier JOIN rollout_user o USING (rollout_id, person_id)
        JOIN rollout r USING (rollout_id)
      GROUP BY o.person_id
    )
    UPDATE rollout_row n SET waits_since = w.since FROM waited w
    WHERE n.rollout_id = ${rolloutId} AND n.person_id = w.person_id`);
}

export async function deletePlanRows(tx: Queryable, rolloutId: string): Promise<void> {
  await tx.execute(sql`DELETE FROM rollout_row WHERE rollout_id = ${rolloutId}`);
  await tx.execute(sql`DELETE FROM rollout_content WHERE rollout_id = ${rolloutId}`);
}

export async function storeSummary(
  tx: Queryable,
  input: {
    rolloutId: string;
    summary: PlanSummary;
    digest: string;
    basis: PlanBasis | null;
    expiresAt: Date;
  },
): Promise<void> {
  await tx.execute(sql`
    UPDATE rollout SET summary = ${JSON.stringify(input.summary)}::jsonb, digest = ${input.digest},
      basis = ${input.basis && JSON.stringify(input.basis)}::jsonb,
      expires_at = ${input.expiresAt.toISOString()}::timestamptz
    WHERE rollout_id = ${input.rolloutId}`);
}

/**
 * Updates the statistics of the query planner for the rows just stored, in the same transaction. Without
 * it, a query for a page of persons scans the whole wave once per person.
 */
export async function analyzePlanRows(tx: Queryable): Promise<void> {
  await tx.execute(
    sql`ANALYZE rollout_row (org_id, rollout_id, seq, person_id, wave, outcome, intent_at)`,
  );
}

/** A request that takes the place of the one that was planned before (R102). */
export async function storeRequest(
  tx: Queryable,
  rolloutId: string,
  { request, title, templateRevision }: NextRequest,
): Promise<void> {
  await tx
    .update(rollout)
    .set({ request, title, templateRevision })
    .where(eq(rollout.rolloutId, rolloutId));
}

/** What a check was made from: until that changes, no user has to be decided again (R101). */
export interface CheckMark {
  mark: string;
  at: string;
}

/** Call it in the transaction of the check. */
export async function readCheckMark(tx: Queryable, rolloutId: string): Promise<CheckMark> {
  const { rows } = await tx.execute<CheckMark & Record<string, unknown>>(sql`
    SELECT ${markNow} AS mark, now()::text AS at FROM rollout r WHERE r.rollout_id = ${rolloutId}`);
  const [found] = rows;
  if (!found) throw new Error(`Rollout ${rolloutId} is not in the database`);
  return found;
}

/** What the rest of a plan was found to be unchanged by (R101). */
export async function storeCheck(
  tx: Queryable,
  rolloutId: string,
  { basis, mark, at }: CheckMark & { basis: PlanBasis },
): Promise<void> {
  await tx.execute(sql`
    UPDATE rollout SET basis = ${JSON.stringify(basis)}::jsonb, checked_mark = ${mark},
      checked_at = ${at}::timestamptz
    WHERE rollout_id = ${rolloutId}`);
}
