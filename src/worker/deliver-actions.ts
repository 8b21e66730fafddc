import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import type { Db } from '../db/connect';
import { listUnsettledActions, settleAction } from '../db/rollout/pending-actions';
import { findRollout } from '../db/rollout/rollouts';
import { isFinal } from '../domain/rollout/rollout-phase';

const actionsPerTurn = 50;
/** Where no worker takes it in this time, its next turn comes soon. */
const patienceMs = 10_000;

/**
 * Delivers actions that were accepted while no worker answered. The update id makes a second
 * delivery harmless; one that came too late is refused by the workflow, and that is its result.
 */
export async function deliverActions(db: Db, client: Client, signal: AbortSignal): Promise<number> {
  const actions = await listUnsettledActions(db, actionsPerTurn);
  for (const action of actions) {
    if (signal.aborted) break;
    const { updateId, orgId, rolloutId } = action;
    const row = await findRollout(db, orgId, rolloutId);
    // A rollout without a workflow may only be waiting for one (upkeep starts it).
    const isOver = row === undefined || isFinal(row.phase);
    const result = await deliver(client, { ...action, isOver });
    if (result !== null) await settleAction(db, { updateId, result, now: new Date() });
  }
  return actions.length;
}

/** `applied`, why it was refused, or null while nobody has answered. */
async function deliver(
  client: Client,
  action: {
    updateId: string;
    workflowId: string;
    updateName: string;
    input: unknown;
    isOver: boolean;
  },
): Promise<string | null> {
  const handle = client.workflow.getHandle(action.workflowId);
  try {
    await client.withDeadline(Date.now() + patienceMs, () =>
      handle.executeUpdate(action.updateName, { updateId: action.updateId, args: [action.input] }),
    );
    return 'applied';
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) {
      return `refused: ${error.cause?.message ?? error.message}`;
    }
    if (error instanceof WorkflowNotFoundError)
      return action.isOver ? 'refused: the rollout has ended' : null;
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return null;
    throw error;
  }
}
