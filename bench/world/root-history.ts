import type { Client } from '@temporalio/client';

/** Events of one workflow, and the signals among them. */
export async function rootHistory(
  client: Client,
  workflowId: string,
): Promise<{ events: number; signals: number }> {
  const handle = client.workflow.getHandle(workflowId);
  await handle.result();
  const events = (await handle.fetchHistory()).events ?? [];
  const signals = events.filter((event) => event.workflowExecutionSignaledEventAttributes);
  return { events: events.length, signals: signals.length };
}
