import {
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, ApplyResult, Counts, ShardItem, UserRef } from '../contract/activities';
import { controlSignal, reportSignal, type ShardControl } from '../contract/messages';
import { readShardPage } from './job/activity-calls';

/** More than 100 buffered events fail a workflow task; half of that is in flight at most. */
const windowSize = 50;
/** Users per run: keeps the history of one run around 5,000 events. */
const usersPerRun = 1_000;
/** How long a user waits whose write was refused before the order to hold reached this shard. */
const heldRetryMs = 2_000;

export interface ShardInput {
  orgId: string;
  rolloutId: string;
  writeQueue: string;
  /** 2 for the pilot, 3 for waves (design: nobody waits behind a crowd). */
  priorityKey: number;
  wave: number;
  /** Next row to write, and the last one of this shard. */
  fromSeq: number;
  toSeq: number;
  /** Users between two reports to the rollout. */
  reportEvery: number;
  control: ShardControl;
}

/**
 * Writes the rows of one range, one `applyUser` activity each, in a sliding window.
 * Id: `<rollout id>/w<wave>/s<n>`. Ends when every row has an outcome or the rollout says stop;
 * continues as new every 1,000 users.
 */
export async function applyShard(input: ShardInput): Promise<void> {
  const { orgId, rolloutId } = input;
  const parentId = workflowInfo().parent?.workflowId;
  let control = input.control;
  let ordersTaken = 0;
  let done = 0;
  let inFlight = 0;
  let unreported: Counts = {};
  const failures: unknown[] = [];

  const write = proxyActivities<Activities>({
    taskQueue: input.writeQueue,
    startToCloseTimeout: '10s',
    // A write is repeated until it has an outcome; the activity itself counts real attempts.
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
    priority: { priorityKey: input.priorityKey },
  });

  setHandler(controlSignal, (order) => {
    ordersTaken += 1;
    if (control !== 'stop') control = order;
  });

  const page = await readShardPage({
    orgId,
    rolloutId,
    wave: input.wave,
    fromSeq: input.fromSeq,
    toSeq: input.toSeq,
    limit: usersPerRun,
  });

  for (const item of page) {
    await condition(() => failures.length > 0 || control === 'stop' || mayGoOn());
    if (failures.length > 0 || control === 'stop') break;
    inFlight += 1;
    void applyOne(item)
      .catch((error: unknown) => failures.push(error))
      .finally(() => {
        inFlight -= 1;
      });
  }
  await condition(() => inFlight === 0);
  if (failures.length > 0) throw failures[0];
  await report(null);
  const last = page.at(-1);
  if (control === 'stop' || !last || last.seq >= input.toSeq || page.length < usersPerRun) return;
  await continueAsNew<typeof applyShard>({ ...input, fromSeq: last.seq + 1, control });

  function mayGoOn(): boolean {
    return control === 'run' && inFlight < windowSize;
  }

  async function applyOne(item: ShardItem): Promise<void> {
    const user: UserRef = { orgId, rolloutId, seq: item.seq };
    let result = await whenAllowed(() =>
      write.applyUser.executeWithOptions({ summary: item.label }, [user]),
    );
    if (result.putBack) {
      const summary = `put back: ${item.label}`;
      result = await whenAllowed(() =>
        write.putBackUser.executeWithOptions({ summary, priority: { priorityKey: 1 } }, [user]),
      );
    }
    if (result.result !== 'held' && result.result !== 'stopped') {
      unreported[result.result] = (unreported[result.result] ?? 0) + 1;
      done += 1;
    }
    if (result.halted !== null) await halt(result.halted);
    else if (done % input.reportEvery === 0) await report(null);
  }

  /** A permission that was refused for now is asked for again; the order to hold usually comes first. */
  async function whenAllowed(ask: () => Promise<ApplyResult>): Promise<ApplyResult> {
    for (;;) {
      const before = ordersTaken;
      const result = await ask();
      if (result.result !== 'held') return result;
      // An order that came meanwhile may have lifted this hold: the next answer tells.
      if (result.halted !== null && ordersTaken === before) await halt(result.halted);
      await condition(() => control !== 'run', heldRetryMs);
      await condition(() => control !== 'hold');
      if (stopped()) return { ...result, halted: null };
    }
  }

  async function halt(reason: string): Promise<void> {
    if (control !== 'stop') control = 'hold';
    await report(reason);
  }

  function stopped(): boolean {
    return control === 'stop';
  }

  async function report(halted: string | null): Promise<void> {
    const counts = unreported;
    unreported = {};
    setCurrentDetails(
      `Rows ${input.fromSeq}–${input.toSeq}: ${done} of ${page.length} of this run have an outcome.`,
    );
    if (!parentId || (halted === null && Object.keys(counts).length === 0)) return;
    await getExternalWorkflowHandle(parentId).signal(reportSignal, {
      counts,
      halted: halted === null ? null : { reason: halted },
    });
  }
}
