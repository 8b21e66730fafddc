import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { followUpWorkflowId, orgUuidInWorkflowId } from '../../contract/ids';
import { waitsSignal, type ToldWaits } from '../../contract/messages';
import type { Db } from '../../db/connect';
import {
  claimTelling,
  listTellable,
  readWaitLines,
  tellablePerPage,
  withdrawTelling,
} from '../../db/rollout/progress/tellings';
import type { RolloutRow } from '../../db/rollout/rollouts';
import { withoutAddresses } from '../../domain/model/text/without-addresses';
import { nextTelling } from '../../domain/rollout/telling';

const patienceMs = 5_000;

export interface TellingDeps {
  db: Db;
  client: Client;
  orgId: string;
  userLabels: 'email' | 'id';
}

/** The last rollout of the page that was looked at last; null: the next turn begins anew. */
export interface TellingCursor {
  after: string | null;
}

/**
 * Tells workflows what they wait for and can't know themselves: throttling, users between two attempts,
 * trouble with reads, what is owed. Temporal shows it then, as the API does. Returns how many were told.
 */
export async function tellWorkflows(deps: TellingDeps, cursor: TellingCursor): Promise<number> {
  const { rows, nowMs } = await listTellable(deps.db, deps.orgId, cursor.after);
  cursor.after = rows.length < tellablePerPage ? null : (rows.at(-1)?.rolloutId ?? null);
  let told = 0;
  const failures: unknown[] = [];
  for (const row of rows) {
    try {
      if (await tell(deps, row, nowMs)) told += 1;
    } catch (error) {
      // One that can't be told doesn't keep those behind it waiting.
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return told;
}

async function tell(deps: TellingDeps, row: RolloutRow, nowMs: number): Promise<boolean> {
  const { db, client, userLabels } = deps;
  const { rolloutId, told: before } = row;
  const next = nextTelling(before, await readWaitLines(db, row), nowMs);
  if (!next || !(await claimTelling(db, rolloutId, { before, next }))) return false;
  const { phaseVersion, text } = next;
  const waitsFor = userLabels === 'id' && text !== null ? withoutAddresses(text) : text;
  try {
    await client.withDeadline(Date.now() + patienceMs, () =>
      signalAll(client, row, { phaseVersion, waitsFor }),
    );
  } catch (error) {
    await withdrawTelling(db, rolloutId, { before, next });
    throw error;
  }
  return true;
}

/** The rollout and its children, or the verification of one that has ended. */
async function signalAll(client: Client, row: RolloutRow, told: ToldWaits): Promise<void> {
  const { workflowId, rolloutId, verifyingUntil } = row;
  await whileItRuns(() => signalTree(client, workflowId, told));
  if (verifyingUntil === null) return;
  const followUp = followUpWorkflowId(orgUuidInWorkflowId(workflowId), rolloutId);
  await whileItRuns(() => signalTree(client, followUp, told));
}

async function signalTree(client: Client, workflowId: string, told: ToldWaits): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  await handle.signal(waitsSignal, told);
  const { pendingChildren } = (await handle.describe()).raw;
  for (const { workflowId: child } of pendingChildren ?? []) {
    if (!child) continue;
    await whileItRuns(() => client.workflow.getHandle(child).signal(waitsSignal, told));
  }
}

/** A workflow that has ended has nothing to show any more. */
async function whileItRuns(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
