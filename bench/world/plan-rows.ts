import { sql } from 'drizzle-orm';
import type { Db } from '../../src/db/connect';
import type { PlanWave } from '../../src/domain/plan/plan-summary';

/** First and last row of a wave. */
export async function rangeOfWave(
  db: Db,
  rolloutId: string,
  wave: number,
): Promise<{ fromSeq: number; toSeq: number }> {
  const { rows } = await db.execute<{ fromSeq: number; toSeq: number }>(sql`
    SELECT min(seq) AS "fromSeq", max(seq) AS "toSeq" FROM rollout_user
    WHERE rollout_id = ${rolloutId} AND wave = ${wave}`);
  const [range] = rows;
  if (!range) throw new Error(`Wave ${wave} has no rows`);
  return range;
}

/**
 * Lets the activities of a peer write rows of a rollout that waits for its promotion. They need the same
 * permission as those of the product, and the workflow doesn't read the row while it waits.
 */
export async function openForPeer(db: Db, rolloutId: string): Promise<void> {
  await db.execute(sql`UPDATE rollout SET phase = 'rolling-out' WHERE rollout_id = ${rolloutId}`);
}

/** The organization of this world. It is in the database as soon as a worker has started. */
export async function findOrganization(db: Db): Promise<string> {
  const { rows } = await db.execute<{ orgId: string }>(sql`
    SELECT org_id AS "orgId" FROM organization`);
  const [found] = rows;
  if (!found) throw new Error('No worker has opened the organization');
  return found.orgId;
}

/** The phase alone, without the counting of an answer of the API. */
export async function phaseOf(db: Db, rolloutId: string): Promise<string> {
  const { rows } = await db.execute<{ phase: string }>(sql`
    SELECT phase FROM rollout WHERE rollout_id = ${rolloutId}`);
  return rows[0]?.phase ?? '';
}

export async function wavesOfPlan(db: Db, rolloutId: string): Promise<PlanWave[]> {
  const { rows } = await db.execute<{ waves: PlanWave[] }>(sql`
    SELECT summary->'waves' AS waves FROM rollout WHERE rollout_id = ${rolloutId}`);
  return rows[0]?.waves ?? [];
}

/** Undoes `openForPeer`: the row says again what the workflow knows. */
export async function closeForPeer(db: Db, rolloutId: string): Promise<void> {
  await db.execute(
    sql`UPDATE rollout SET phase = 'awaiting-promotion' WHERE rollout_id = ${rolloutId}`,
  );
}
