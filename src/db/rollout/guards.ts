import { sql } from 'drizzle-orm';
import type { Guards } from '../../domain/request/rollout-request';
import type { Db } from '../connect';

/** The guards that a rollout was asked to keep. */
export async function guardsOf(db: Db, rolloutId: string): Promise<Guards> {
  const { rows } = await db.execute<{ guards: Guards }>(
    sql`SELECT request->'guards' AS guards FROM rollout WHERE rollout_id = ${rolloutId}`,
  );
  const [row] = rows;
  if (!row) throw new Error(`Rollout ${rolloutId} is not in the database`);
  return row.guards;
}
