/** The pace of an organization's writes, one row that all workers share. */
import { eq } from 'drizzle-orm';
import type { PaceState } from '../../domain/rollout/pace';
import type { Db, Queryable } from '../connect';
import { orgPace } from '../schema';

export interface StoredPace {
  state: PaceState;
  /** No write before this instant. */
  notBefore: Date | null;
}

/**
 * Changes the stored pace under a row lock; `fallback` is stored first where there is none.
 * `change` gets the pace and returns the next one, or null to leave everything as it is.
 */
export async function updatePace(
  db: Db,
  orgId: string,
  fallback: PaceState,
  change: (pace: StoredPace) => StoredPace | null,
): Promise<StoredPace> {
  const connection = await db.$client.connect();
  try {
    await connection.query('BEGIN');
    await connection.query(
      'INSERT INTO org_pace (org_id, state) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [orgId, JSON.stringify(fallback)],
    );
    const { rows } = await connection.query<StoredPace>(
      'SELECT state, not_before AS "notBefore" FROM org_pace WHERE org_id = $1 FOR UPDATE',
      [orgId],
    );
    const current = rows[0] ?? { state: fallback, notBefore: null };
    const next = change(current);
    if (next) {
      await connection.query(
        'UPDATE org_pace SET state = $2, not_before = $3, updated_at = now() WHERE org_id = $1',
        [orgId, JSON.stringify(next.state), next.notBefore],
      );
    }
    await connection.query('COMMIT');
    return next ?? current;
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    connection.release();
  }
}

export async function readPace(db: Queryable, orgId: string) {
  const [row] = await db.select().from(orgPace).where(eq(orgPace.orgId, orgId));
  return row;
}
