import type { BulkTransaction } from '../../db/bulk-transaction';
import { copyPlan, type PlanRowToStore } from '../../db/plan/copy-plan';
import { analyzePlanRows, deletePlanRows, keepWaitingSince } from '../../db/plan/plan-store';
import {
  candidatePages,
  readCandidates,
  type CandidateName,
  type CandidatePages,
  type CandidateQuery,
} from '../../db/plan/read-candidates';
import type { PlacedUser, Planner } from '../../domain/plan/planner';
import type { PlanSummary } from '../../domain/plan/plan-summary';
import { createPlanDigest } from './plan-digest';

const usersPerPage = 5_000;

interface Pass {
  planner: Planner;
  query: CandidateQuery;
  /** Called once per page. */
  heartbeat: () => void;
}

/** First pass: counts everybody. */
export async function surveyCandidates(
  { tx }: BulkTransaction,
  { planner, query, heartbeat }: Pass,
): Promise<void> {
  for await (const page of readCandidates(tx, query, usersPerPage)) {
    page.forEach((candidate) => planner.survey(candidate));
    heartbeat();
  }
}

/**
 * Second pass: stores a row for everybody in scope. Of pages on which everybody is remembered, only names
 * are read. Returns the digest of summary and rows.
 */
export async function storeRows(
  { tx, connection }: BulkTransaction,
  pass: Pass & { orgId: string; rolloutId: string; summary: PlanSummary },
): Promise<string> {
  const { rolloutId, planner, query, summary, heartbeat } = pass;
  const digest = createPlanDigest(summary);
  await deletePlanRows(tx, rolloutId);
  const pages = await candidatePages(tx, query, usersPerPage);
  for (let first = 0; ; first += usersPerPage) {
    const placed = await placeNextPage(planner, pages, first);
    const rows: PlanRowToStore[] = [];
    for (const [name, user] of placed) {
      if (user === null) continue;
      rows.push({ name, user, content: digest.add(name, user) });
    }
    await copyPlan(connection, pass, { rows, contents: digest.newContents() });
    heartbeat();
    if (placed.length < usersPerPage) break;
  }
  await keepWaitingSince(tx, rolloutId);
  await analyzePlanRows(tx);
  return digest.value();
}

type Placed = readonly [CandidateName, PlacedUser | null];

async function placeNextPage(
  planner: Planner,
  pages: CandidatePages,
  first: number,
): Promise<Placed[]> {
  if (planner.rememberAll(first, usersPerPage)) {
    const page = await pages.names();
    return page.map((name, at) => [name, planner.recall(first + at, name.personId)]);
  }
  const page = await pages.candidates();
  return page.map((one, at) => [one, planner.decideAgain(first + at, one)]);
}
