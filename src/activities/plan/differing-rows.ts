import type { Queryable } from '../../db/connect';
import { readPlannedCandidates, type CandidateQuery } from '../../db/plan/read-candidates';
import type { PlanContext } from '../../domain/kinds/plan-context';
import { createDecisionCheck } from '../../domain/plan/aged/decision-check';

/** Stored rows that wait for their write and would be decided differently, by how they differ. */
export async function differingRows(
  tx: Queryable,
  input: {
    rolloutId: string;
    /** Only this row; all rows without it. */
    seq?: number;
    context: PlanContext;
    query: CandidateQuery;
    /** Called once per page. */
    onPage: () => void;
  },
): Promise<Map<string, number[]>> {
  const { rolloutId, seq, context, query, onPage } = input;
  const differs = createDecisionCheck(context);
  const rows = new Map<string, number[]>();
  for await (const page of readPlannedCandidates(tx, query, { rolloutId, seq: seq ?? null })) {
    for (const { candidate, row } of page) {
      const why = differs(candidate, row);
      if (why === null) continue;
      const seqs = rows.get(why);
      if (seqs) seqs.push(row.seq);
      else rows.set(why, [row.seq]);
    }
    onPage();
  }
  return rows;
}

export function countRows(rows: ReadonlyMap<string, readonly number[]>): number {
  return [...rows.values()].reduce((sum, seqs) => sum + seqs.length, 0);
}
