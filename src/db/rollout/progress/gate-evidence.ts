import { and, eq, sql } from 'drizzle-orm';
import type { Outcome } from '../../../domain/model/outcome';
import type { GateEvidence } from '../../../domain/rollout/gate';
import { failureOutcomes } from '../../../domain/rollout/what-went-wrong';
import type { Queryable } from '../../connect';
import { rolloutUser } from '../../schema/index';
import { literals } from '../../sql';

/** What an automatic gate after this wave judges by. */
export async function readGateEvidence(
  db: Queryable,
  { rolloutId, wave }: { rolloutId: string; wave: number },
): Promise<GateEvidence> {
  const isFailure = sql`${rolloutUser.outcome} IN (${literals(failureOutcomes)})`;
  const rows = await db
    .select({
      outcome: rolloutUser.outcome,
      users: sql<number>`count(*)::int`,
      written: sql<number>`(count(*) FILTER (WHERE ${rolloutUser.writtenAt} IS NOT NULL))::int`,
      seen: sql<number>`(count(*) FILTER (WHERE ${rolloutUser.convergedAt} IS NOT NULL
        AND NOT ${isFailure}))::int`,
    })
    .from(rolloutUser)
    .where(and(eq(rolloutUser.rolloutId, rolloutId), eq(rolloutUser.wave, wave)))
    .groupBy(rolloutUser.outcome);
  const sum = (figure: 'written' | 'seen') => rows.reduce((all, row) => all + row[figure], 0);
  const counts: Partial<Record<Outcome, number>> = Object.fromEntries(
    rows.map(({ outcome, users }) => [outcome, users]),
  );
  return { wave, counts, written: sum('written'), seen: sum('seen') };
}
