import { sql } from 'drizzle-orm';
import type { Outcome } from '../../../domain/model/outcome';
import type { GateEvidence } from '../../../domain/rollout/gate';
import { failureOutcomes } from '../../../domain/rollout/what-went-wrong';
import type { Queryable } from '../../connect';
import { literals } from '../../sql';
import { tallyOf } from '../../write/tally';

/** What an automatic gate after this wave judges by. */
export async function readGateEvidence(
  db: Queryable,
  { rolloutId, wave }: { rolloutId: string; wave: number },
): Promise<GateEvidence> {
  const { rows } = await db.execute<{
    outcome: Outcome;
    users: number;
    written: number;
    seen: number;
  }>(sql`
    SELECT outcome, sum(users)::int AS users, sum(written)::int AS written,
      CASE WHEN outcome IN (${literals(failureOutcomes)}) THEN 0 ELSE sum(seen) END::int AS seen
    FROM ${tallyOf(rolloutId)} t WHERE wave = ${wave}
    GROUP BY outcome HAVING sum(users) <> 0`);
  const sum = (figure: 'written' | 'seen') => rows.reduce((all, row) => all + row[figure], 0);
  const counts: Partial<Record<Outcome, number>> = Object.fromEntries(
    rows.map(({ outcome, users }) => [outcome, users]),
  );
  return { wave, counts, written: sum('written'), seen: sum('seen') };
}
