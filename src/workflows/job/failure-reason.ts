import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure } from '@temporalio/workflow';

/**
 * One line that says why an activity or a child ended a job; null when the error is not theirs, and so
 * a bug of the workflow that waits for a deploy.
 */
export function reasonOf(error: unknown): string | null {
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure) {
    return reasonOf(error.cause) ?? error.message;
  }
  return error instanceof ApplicationFailure ? error.message : null;
}
