import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import type { Db } from '../db/connect';
import { listUnsettledActions, settleAction } from '../db/pending-actions';

const actionsPerTurn = 50;
const patienceMs = 15_000;

/**
 * Delivers actions that were accepted while no worker answered. The update id makes a second
 * delivery harmless; one that came too late is refused by the workflow, and that is its result.
 */
export async function deliverActions(db: Db, client: Client): Promise<number> {
  const actions = await listUnsettledActions(db, actionsPerTurn);
  for (const { updateId, workflowId, updateName, input } of actions) {
    const result = await deliver(client, { updateId, workflowId, updateName, input });
    if (result !== null) await settleAction(db, { updateId, result, now: new Date() });
  }
  return actions.length;
}

/** `applied`, why it was refused, or null while nobody has answered. */
async function deliver(
  client: Client,
  action: { updateId: string; workflowId: string; updateName: string; input: unknown },
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
    if (error instanceof WorkflowNotFoundError) return 'refused: the rollout has ended';
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return null;
    throw error;
  }
}
