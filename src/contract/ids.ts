/** Task queues and workflow ids. Ids hold the organization's UUID, never its Webex id. */

/** The queue that all organizations shared in 0.1.0: workflows of that version run on it to their end. */
export const sharedTaskQueue = 'seatwise';

/** Workflows of an organization, and all its activities that are not paced. */
export function mainTaskQueue(orgUuid: string): string {
  return `${sharedTaskQueue}/${orgUuid}`;
}

/** The paced queue of an organization: every write call to Webex goes through it. */
export function writeTaskQueue(orgUuid: string): string {
  return `webex/${orgUuid}`;
}

export function rolloutWorkflowId(orgUuid: string, rolloutId: string): string {
  return `rollout/${orgUuid}/${rolloutId}`;
}

export function retryWorkflowId(orgUuid: string, rolloutId: string, n: number): string {
  return `${rolloutWorkflowId(orgUuid, rolloutId)}/retry/${n}`;
}

/** The verification of a rollout that has ended early. */
export function followUpWorkflowId(orgUuid: string, rolloutId: string): string {
  return `${rolloutWorkflowId(orgUuid, rolloutId)}/verify/ended`;
}

/** The organization's UUID in the workflow id of a rollout, of its retry, or of a child of theirs. */
export function orgUuidInWorkflowId(workflowId: string): string {
  const [, orgUuid] = workflowId.split('/');
  if (!orgUuid) throw new Error(`The workflow id ${workflowId} names no organization`);
  return orgUuid;
}

export function observeWorkflowId(orgUuid: string): string {
  return `observe/${orgUuid}`;
}

/**
 * A read that accepts smaller member lists has an id of its own: otherwise the request would join a
 * running read that doesn't accept them.
 */
export function acceptingObserveWorkflowId(orgUuid: string): string {
  return `${observeWorkflowId(orgUuid)}/accepting-drops`;
}

/** One read of a group's members at a time. */
export function readMembersWorkflowId(orgUuid: string, groupUuid: string): string {
  return `members/${orgUuid}/${groupUuid}`;
}

/** The id of the schedule. Temporal appends the time of each run to the id of its workflow. */
export function watchScheduleId(orgUuid: string): string {
  return `watch/${orgUuid}`;
}
