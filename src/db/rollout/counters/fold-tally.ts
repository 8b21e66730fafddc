import { sql } from 'drizzle-orm';
import type { Db } from '../../connect';
import { tallyFigures } from '../../write/tally';

/** Changes per statement: a turn must not hold locks for long. */
const changesPerTurn = 20_000;

const figures = sql.raw(tallyFigures.join(', '));
const sums = sql.raw(tallyFigures.map((figure) => `sum(${figure})`).join(', '));
const added = sql.raw(
  tallyFigures.map((figure) => `${figure} = t.${figure} + excluded.${figure}`).join(', '),
);

/**
 * Adds what has changed to the sums, in one statement: whoever reads meanwhile finds each change in one of
 * both places. Of several workers, each takes changes that no other one has taken. Returns their number.
 */
export async function foldTally(db: Db, orgId: string): Promise<number> {
  const { rows } = await db.execute<{ changes: number }>(sql`
    WITH next AS MATERIALIZED (
      SELECT c.ctid FROM rollout_tally_change c JOIN rollout r USING (rollout_id)
      WHERE r.org_id = ${orgId} LIMIT ${changesPerTurn} FOR UPDATE OF c SKIP LOCKED
    ), taken AS (
      DELETE FROM rollout_tally_change WHERE ctid IN (SELECT ctid FROM next) RETURNING *
    ), folded AS (
      INSERT INTO rollout_tally AS t (rollout_id, wave, outcome, ${figures})
      SELECT rollout_id, wave, outcome, ${sums} FROM taken
      -- two workers that add to the same sums do it in the same order
      GROUP BY rollout_id, wave, outcome ORDER BY rollout_id, wave, outcome
      ON CONFLICT (rollout_id, wave, outcome) DO UPDATE SET ${added}
    )
    SELECT count(*)::int AS changes FROM taken`);
  return rows[0]?.changes ?? 0;
}
