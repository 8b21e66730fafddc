import { eq } from 'drizzle-orm';
import type { Guards, RolloutRequest } from '../../domain/request/rollout-request';
import type { Queryable } from '../connect';
import { rollout } from '../schema';

/** What a rollout was asked to do; undefined where there is no such rollout. */
export async function findRequest(
  db: Queryable,
  rolloutId: string,
): Promise<RolloutRequest | undefined> {
  const [row] = await db
    .select({ request: rollout.request })
    .from(rollout)
    .where(eq(rollout.rolloutId, rolloutId));
  return row?.request;
}

/** The guards that a rollout was asked to keep. */
export async function guardsOf(db: Queryable, rolloutId: string): Promise<Guards> {
  const request = await findRequest(db, rolloutId);
  if (!request) throw new Error(`Rollout ${rolloutId} is not in the database`);
  return request.guards;
}
