import type { Client } from '@temporalio/client';

const settleMs = 3_000;
const tries = 10;

/** Events of one workflow, all its runs together. */
async function eventsOf(client: Client, workflowId: string): Promise<number> {
  let events = 0;
  const { firstExecutionRunId } = await firstRun(client, workflowId);
  for (let runId: string | undefined = firstExecutionRunId; runId;) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    events += history.events?.length ?? 0;
    const next = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes;
    runId = next?.newExecutionRunId ?? undefined;
  }
  return events;
}

async function firstRun(
  client: Client,
  workflowId: string,
): Promise<{ firstExecutionRunId: string | undefined }> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  return { firstExecutionRunId: raw.workflowExecutionInfo?.firstRunId ?? undefined };
}

/** Events of all workflows whose ids begin like this. Waits until the list has `expected` of them. */
export async function eventsUnder(client: Client, prefix: string, expected = 1): Promise<number> {
  const query = `WorkflowId STARTS_WITH "${prefix}"`;
  const ids = new Set<string>();
  for (let tried = 0; tried < tries && ids.size < expected; tried += 1) {
    if (tried > 0) await new Promise((resolve) => setTimeout(resolve, settleMs));
    for await (const { workflowId } of client.workflow.list({ query })) ids.add(workflowId);
  }
  if (ids.size < expected) throw new Error(`Only ${ids.size} workflows of ${prefix} are listed`);
  let events = 0;
  for (const workflowId of ids) events += await eventsOf(client, workflowId);
  return events;
}
