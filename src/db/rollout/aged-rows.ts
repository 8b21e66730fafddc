/** Users of a wave whose last read is no longer fresh when their write begins. */
import { sql } from 'drizzle-orm';
import type { Db } from '../connect';

/** Of the next rows that a shard writes: users whom no read has shown for so long. */
export async function personsToLookAt(
  db: Db,
  page: {
    rolloutId: string;
    wave: number;
    fromSeq: number;
    toSeq: number;
    limit: number;
    /** A read that is younger is fresh. */
    freshForMs: number;
  },
): Promise<string[]> {
  const { rows } = await db.execute<{ personId: string }>(sql`
    SELECT p.person_id AS "personId" FROM (
        SELECT org_id, person_id, seq, intent_at FROM rollout_user
        WHERE rollout_id = ${page.rolloutId} AND wave = ${page.wave} AND outcome = 'planned'
          AND seq BETWEEN ${page.fromSeq} AND ${page.toSeq}
        ORDER BY seq LIMIT ${page.limit}) p
      JOIN directory_user d ON d.org_id = p.org_id AND d.person_id = p.person_id
    WHERE p.intent_at IS NULL AND d.read_at < now() - ${page.freshForMs} * interval '1 ms'
    ORDER BY p.seq`);
  return rows.map(({ personId }) => personId);
}
