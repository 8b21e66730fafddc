import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import { plainMessage } from '../../database-error';
import type { ActionResult } from '../../contract/messages';
import type { Db } from '../../db/connect';
import {
  findPendingAction,
  listUnsettledActions,
  settleAction,
  type PendingAction,
} from '../../db/rollout/pending-actions';
import { findRollout } from '../../db/rollout/rollouts';
import { isFinal } from '../../domain/rollout/rollout-phase';
import { isOutage } from './each-row';
import type { PoisonedRows } from './poisoned-rows';

const actionsPerTurn = 50;
/** If no worker accepts it in this time, it is delivered again in a later round. */
const patienceMs = 10_000;
/** At most so long until an action that nobody has answered is delivered again. */
const longestPauseMs = 15_000;
/** An action that can't be delivered for so long is refused. */
const givenUpAfterMs = 24 * 60 * 60 * 1_000;

interface DeliveryDeps {
  db: Db;
  client: Client;
  orgId: string;
  signal: AbortSignal;
  /** By rollout: a later action never overtakes an earlier one. */
  poisoned: PoisonedRows;
}

/**
 * Delivers actions that the API accepted while no worker answered. The update id makes a second
 * delivery harmless. If the workflow refuses an action because it is too late, that is its result.
 * Rollouts are served side by side, so that one that doesn't answer keeps no other waiting.
 */
export async function deliverActions(deps: DeliveryDeps): Promise<number> {
  const { db, orgId, poisoned } = deps;
  const except = poisoned.keys();
  const actions = await listUnsettledActions(db, { orgId, except, limit: actionsPerTurn });
  const byRollout = new Map<string, PendingAction[]>();
  for (const action of actions) {
    byRollout.set(action.rolloutId, [...(byRollout.get(action.rolloutId) ?? []), action]);
  }
  const served = await Promise.allSettled(
    [...byRollout.values()].map((queue) => deliverInOrder(deps, queue)),
  );
  const failed = served.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return actions.length;
}

/** Ends with the first action that isn't settled. Throws where a server is away. */
async function deliverInOrder(deps: DeliveryDeps, queue: readonly PendingAction[]): Promise<void> {
  const { db, client, signal, poisoned } = deps;
  for (const listed of queue) {
    if (signal.aborted) return;
    const { updateId, orgId, rolloutId } = listed;
    try {
      // Another worker may have delivered it, and the one before it has changed what it expects.
      const action = await findPendingAction(db, updateId);
      if (action?.settledAt !== null) continue;
      const row = await findRollout(db, orgId, rolloutId);
      // A rollout without a workflow may still get one: upkeep starts it.
      const isOver = row === undefined || isFinal(row.phase);
      const delivered = await deliver(client, { ...action, isOver });
      if (delivered === null) {
        poisoned.postpone(rolloutId, longestPauseMs);
        return;
      }
      await settleAction(db, { updateId, ...delivered, now: new Date() });
      poisoned.forget(rolloutId);
    } catch (error) {
      if (isOutage(error)) throw error;
      await afterFailure(deps, listed, error);
      return;
    }
  }
}

async function afterFailure(
  { db, poisoned }: DeliveryDeps,
  { updateId, updateName, orgId, rolloutId, createdAt }: PendingAction,
  error: unknown,
): Promise<void> {
  await poisoned.failed(rolloutId, error, {
    orgId,
    rolloutId,
    action: 'rollout.action-not-delivered',
    message: `the action ${updateName} can't be delivered`,
  });
  if (Date.now() - createdAt.getTime() < givenUpAfterMs) return;
  const result = `refused: it could not be delivered for a day (${plainMessage(error)})`;
  await settleAction(db, { updateId, result, now: new Date() });
}

/** What an action has led to: `applied` and the phase version after it, or the reason of a refusal. */
interface Delivered {
  result: string;
  movedTo?: number | undefined;
}

/** Null: nobody has answered yet. */
async function deliver(
  client: Client,
  action: {
    updateId: string;
    workflowId: string;
    updateName: string;
    input: unknown;
    isOver: boolean;
  },
): Promise<Delivered | null> {
  const handle = client.workflow.getHandle(action.workflowId);
  try {
    const after = await client.withDeadline(Date.now() + patienceMs, () =>
      handle.executeUpdate<ActionResult, [unknown]>(action.updateName, {
        updateId: action.updateId,
        args: [action.input],
      }),
    );
    return { result: 'applied', movedTo: after.phaseVersion };
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) {
      return { result: `refused: ${error.cause?.message ?? error.message}` };
    }
    if (error instanceof WorkflowNotFoundError)
      return action.isOver ? { result: 'refused: the rollout has ended' } : null;
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return null;
    throw error;
  }
}
