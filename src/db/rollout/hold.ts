/** The hold that guards put on a rollout: nothing is written until `resume`. */
import { sql } from 'drizzle-orm';
import type { Db } from '../connect';

export async function recordHold(db: Db, rolloutId: string, reason: string): Promise<void> {
  await db.execute(
    sql`UPDATE rollout SET hold = coalesce(hold, ${reason}) WHERE rollout_id = ${rolloutId}`,
  );
}
