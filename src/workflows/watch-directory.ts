import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ParentClosePolicy,
  WorkflowIdReusePolicy,
  setCurrentDetails,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { reactionsTitle } from '../domain/watch/count-causes';
import { rolloutStart, type StartableRollout, type WatchInput } from '../contract/messages';
import { rollout } from './rollout';
import { lookAtDirectory, openReactions } from './job/activity-calls';

/**
 * One look of the watch: finds new users and changes of groups, and reconciles just those users, each
 * time by a rollout of its own. Id: `watch/<orgUuid>` with the time of its schedule, which doesn't let
 * two overlap. Ends when the rollouts have been started; they go on by themselves.
 */
export async function watchDirectory(input: WatchInput): Promise<{ rollouts: string[] }> {
  const { orgId } = input;
  const lookStartedAtMs = workflowInfo().startTime.getTime();
  const { isBaseline, found } = await lookAtDirectory({ orgId });
  if (isBaseline) setCurrentDetails('The first look: it changes nobody.');
  const { rollouts } = await openReactions({ orgId, lookStartedAtMs });
  for (const opened of rollouts) await begin(opened);
  if (Object.keys(found).length > 0) setCurrentDetails(`Found: ${reactionsTitle(found)}.`);
  return { rollouts: rollouts.map(({ rolloutId }) => rolloutId) };
}

async function begin(opened: StartableRollout): Promise<void> {
  const { workflowId, taskQueue, args, staticSummary, staticDetails, typedSearchAttributes } =
    rolloutStart(opened);
  try {
    await startChild(rollout, {
      workflowId,
      taskQueue,
      args,
      staticSummary,
      staticDetails,
      typedSearchAttributes,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    });
  } catch (error) {
    // Upkeep has found and started it meanwhile.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
