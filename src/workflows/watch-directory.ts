import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ParentClosePolicy,
  WorkflowIdReusePolicy,
  setCurrentDetails,
  startChild,
} from '@temporalio/workflow';
import type { Checked } from '../contract/activities';
import { reactionsTitle } from '../domain/watch/count-causes';
import { rolloutStart, type StartableRollout } from '../contract/rollout-start';
import type { WatchInput } from '../contract/workflows';
import { rollout } from './rollout';
import { compareDirectory, lookAtDirectory, openReactions } from './job/activity-calls';
import { secondRead } from './job/second-read';

/**
 * One check of the watch: finds new users and changes of groups, and starts a rollout for just those
 * users. Id: `watch/<orgUuid>` with the time of its schedule, which doesn't let two overlap. Ends when
 * the rollouts have started; they go on without it. Its few events need no continue-as-new.
 */
export async function watchDirectory(input: WatchInput): Promise<{ rollouts: string[] }> {
  const { orgId } = input;
  setCurrentDetails('Reads what has changed in Webex.');
  const looked = await lookAtDirectory({ orgId, confirms: true });
  const { readId } = looked;
  const { isBaseline, found } = await compared(orgId, looked);
  setCurrentDetails(
    isBaseline
      ? 'The first check: it records the directory and changes no users.'
      : 'Starts rollouts for the users who wait for one.',
  );
  const { rollouts } = await openReactions({ orgId, ...(readId === undefined ? {} : { readId }) });
  for (const opened of rollouts) await startRollout(opened);
  const hasFound = Object.keys(found).length > 0;
  if (hasFound) setCurrentDetails(`Found: ${reactionsTitle(found)}.`);
  else if (!isBaseline) setCurrentDetails('Found nobody.');
  return { rollouts: rollouts.map(({ rolloutId }) => rolloutId) };
}

/** If something is missing, a second read comes first, so that leaving one group for another is one change. */
async function compared(
  orgId: string,
  looked: Awaited<ReturnType<typeof lookAtDirectory>>,
): Promise<Checked> {
  const { confirm } = looked;
  if (!confirm) return looked;
  await secondRead(orgId, confirm, setCurrentDetails);
  return await compareDirectory({ orgId, readId: confirm.readId });
}

async function startRollout(opened: StartableRollout): Promise<void> {
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
    // A worker's upkeep has started it meanwhile.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
