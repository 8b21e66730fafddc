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
/** If no worker accepts it in this time, it is delivered again in the next round. */
const patienceMs = 10_000;

/**
 * Delivers actions that the API accepted while no worker answered. The update id makes a second
 * delivery harmless. If the workflow refuses an action because it is too late, that is its result.
 */
export async function deliverActions(db: Db, client: Client, signal: AbortSignal): Promise<number> {
  const actions = await listUnsettledActions(db, actionsPerTurn);
  for (const action of actions) {
    if (signal.aborted) break;
    const { updateId, orgId, rolloutId } = action;
    const row = await findRollout(db, orgId, rolloutId);
    // A rollout without a workflow may still get one: upkeep starts it.
    const isOver = row === undefined || isFinal(row.phase);
    const result = await deliver(client, { ...action, isOver });
    if (result !== null) await settleAction(db, { updateId, result, now: new Date() });
  }
  return actions.length;
}

/** `applied`, the reason of a refusal, or null if nobody has answered yet. */
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
