import { createHash } from 'node:crypto';
import type { Queryable } from '../../db/connect';
import {
  analyzePlanRows,
  deletePlanRows,
  insertPlanRows,
  keepWaitingSince,
} from '../../db/plan/plan-store';
import { readCandidates, type CandidateQuery } from '../../db/plan/read-candidates';
import type { Planner } from '../../domain/plan/planner';
import type { PlanSummary } from '../../domain/plan/plan-summary';

const rowsPerBatch = 500;

interface Pass {
  planner: Planner;
  query: CandidateQuery;
  /** Called once per page. */
  heartbeat: () => void;
}

/** First pass: counts everybody. */
export async function surveyCandidates(
  tx: Queryable,
  { planner, query, heartbeat }: Pass,
): Promise<void> {
  for await (const page of readCandidates(tx, query)) {
    page.forEach((candidate) => planner.survey(candidate));
    heartbeat();
  }
}

/** Second pass: stores a row for everybody in scope. Returns the digest of summary and rows. */
export async function storeRows(
  tx: Queryable,
  pass: Pass & { orgId: string; rolloutId: string; summary: PlanSummary },
): Promise<string> {
  const { orgId, rolloutId, planner, query, summary, heartbeat } = pass;
  const digest = createHash('sha256').update(JSON.stringify(summary));
  await deletePlanRows(tx, rolloutId);
  const store = createBatches((rows) => insertPlanRows(tx, { orgId, rolloutId, rows }));
  for await (const page of readCandidates(tx, query)) {
    for (const candidate of page) {
      const row = planner.assemble(candidate);
      if (!row) continue;
      const json = JSON.stringify(row);
      digest.update(json);
      await store.add(json);
    }
    await store.settled();
    heartbeat();
  }
  await store.end();
  await keepWaitingSince(tx, rolloutId);
  await analyzePlanRows(tx);
  return digest.digest('hex');
}

/** Inserts rows in batches while the next rows are decided. */
function createBatches(insert: (rows: readonly string[]) => Promise<void>) {
  let batch: string[] = [];
  let storing = Promise.resolve();
  const flush = async () => {
    await storing;
    storing = insert(batch);
    // A failure surfaces where it is awaited: before the next statement of this connection.
    storing.catch(() => undefined);
    batch = [];
  };
  return {
    async add(row: string): Promise<void> {
      batch.push(row);
      if (batch.length >= rowsPerBatch) await flush();
    },
    settled: () => storing,
    async end(): Promise<void> {
      await flush();
      await storing;
    },
  };
}
