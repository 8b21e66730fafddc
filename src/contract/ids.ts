/** Workflows and all activities that are not paced. */
export const mainTaskQueue = 'seatwise';

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

export function observeWorkflowId(orgUuid: string): string {
  return `observe/${orgUuid}`;
}

/** A look that takes member drops over is another one: it must not be answered by a look that doesn't. */
export function acceptingObserveWorkflowId(orgUuid: string): string {
  return `${observeWorkflowId(orgUuid)}/accepting-drops`;
}

/** Of the schedule; its workflows have the time of their action behind it. */
export function watchScheduleId(orgUuid: string): string {
  return `watch/${orgUuid}`;
}
