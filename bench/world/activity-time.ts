import type { Client } from '@temporalio/client';

/** Duration of the last attempt of an activity, from the history in the Temporal server. */
export async function secondsOfActivity(
  client: Client,
  workflowId: string,
  activity: string,
): Promise<number> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const scheduled = events?.find(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === activity,
  );
  const started = events?.find(({ activityTaskStartedEventAttributes: of }) =>
    of?.scheduledEventId?.eq(scheduled?.eventId ?? -1),
  );
  const completed = events?.find(({ activityTaskCompletedEventAttributes: of }) =>
    of?.scheduledEventId?.eq(scheduled?.eventId ?? -1),
  );
  const ms = (event: typeof started) =>
    Number(event?.eventTime?.seconds ?? NaN) * 1_000 + (event?.eventTime?.nanos ?? 0) / 1e6;
  return (ms(completed) - ms(started)) / 1_000;
}
