import {
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, ApplyResult, ShardItem, UserRef } from '../contract/activities';
import { controlSignal, reportSignal } from '../contract/messages';
import type { OutcomeCounts } from '../domain/model/outcome';
import type { JobControl } from '../domain/rollout/job-state';
import { readShardPage } from './job/activity-calls';
import { slidingWindow } from './job/sliding-window';

/** More than 100 buffered events fail a workflow task; half of that is in flight at most. */
const windowSize = 50;
/** Users per run: keeps the history of one run around 5,000 events. */
const usersPerRun = 1_000;
/** How long a held user waits for the order to hold before the write is tried again. */
const heldRetryMs = 2_000;
/** Half of a replacement is put back before anything else is written. */
const putBackPriority = 1;

export interface ShardInput {
  orgId: string;
  rolloutId: string;
  writeQueue: string;
  /** A pilot (2) overtakes waves (3), so that its few users don't queue behind thousands. */
  priorityKey: number;
  wave: number;
  /** Next row to write, and the last one of this shard. */
  fromSeq: number;
  toSeq: number;
  /** Users between two reports to the rollout. */
  reportEvery: number;
  control: JobControl;
}

/**
 * Writes the rows of one range, one `applyUser` activity each, in a sliding window.
 * Id: `<rollout id>/w<wave>/s<n>`. Ends when every row has an outcome or the rollout says stop;
 * continues as new every 1,000 users.
 */
export async function applyShard(input: ShardInput): Promise<void> {
  const { orgId, rolloutId, wave, fromSeq, toSeq } = input;
  const shard = new ShardRun(input);
  setHandler(controlSignal, (order) => shard.obey(order));

  const page = await readShardPage({ orgId, rolloutId, wave, fromSeq, toSeq, limit: usersPerRun });
  shard.users = page.length;
  await slidingWindow(page, {
    size: windowSize,
    control: () => shard.control,
    run: (item) => shard.apply(item),
    until: condition,
  });
  await shard.report(null);

  const last = page.at(-1);
  const { control } = shard;
  if (control === 'stop' || !last || last.seq >= toSeq || page.length < usersPerRun) return;
  await continueAsNew<typeof applyShard>({ ...input, fromSeq: last.seq + 1, control });
}

/** One run of a shard: its orders, its counters, and the writing of one user. */
class ShardRun {
  control: JobControl;
  /** Users of this run. */
  users = 0;
  private ordersTaken = 0;
  private done = 0;
  private unreported: OutcomeCounts = {};
  private readonly parentId = workflowInfo().parent?.workflowId;
  private readonly write;

  constructor(private readonly input: ShardInput) {
    this.control = input.control;
    this.write = proxyActivities<Activities>({
      taskQueue: input.writeQueue,
      startToCloseTimeout: '10s',
      // A write is repeated until it has an outcome; the activity itself counts real attempts.
      retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
      priority: { priorityKey: input.priorityKey },
    });
  }

  obey(order: JobControl): void {
    this.ordersTaken += 1;
    if (!this.isStopped()) this.control = order;
  }

  async apply({ seq, label }: ShardItem): Promise<void> {
    const user: UserRef = { orgId: this.input.orgId, rolloutId: this.input.rolloutId, seq };
    const { applyUser, putBackUser } = this.write;
    let result = await this.whenAllowed(() =>
      applyUser.executeWithOptions({ summary: label }, [user]),
    );
    if (result.putBack) {
      const options = {
        summary: `put back: ${label}`,
        priority: { priorityKey: putBackPriority },
      };
      result = await this.whenAllowed(() => putBackUser.executeWithOptions(options, [user]));
    }
    if (result.result !== 'held' && result.result !== 'stopped') {
      this.unreported[result.result] = (this.unreported[result.result] ?? 0) + 1;
      this.done += 1;
    }
    if (result.halted !== null) await this.halt(result.halted);
    else if (this.done % this.input.reportEvery === 0) await this.report(null);
  }

  async report(halted: string | null): Promise<void> {
    const counts = this.unreported;
    this.unreported = {};
    setCurrentDetails(
      `Rows ${this.input.fromSeq}–${this.input.toSeq}: ${this.done} of ${this.users} users in this run have an outcome.`,
    );
    if (!this.parentId || (halted === null && Object.keys(counts).length === 0)) return;
    await getExternalWorkflowHandle(this.parentId).signal(reportSignal, {
      counts,
      halted: halted === null ? null : { reason: halted },
    });
  }

  /** Asks again after a permission was refused for now; the order to hold usually comes first. */
  private async whenAllowed(ask: () => Promise<ApplyResult>): Promise<ApplyResult> {
    for (;;) {
      const before = this.ordersTaken;
      const result = await ask();
      if (result.result !== 'held') return result;
      // An order that came meanwhile may have lifted this hold: the next answer shows it.
      if (result.halted !== null && this.ordersTaken === before) await this.halt(result.halted);
      await condition(() => this.control !== 'run', heldRetryMs);
      await condition(() => this.control !== 'hold');
      if (this.isStopped()) return { ...result, halted: null };
    }
  }

  private async halt(reason: string): Promise<void> {
    if (!this.isStopped()) this.control = 'hold';
    await this.report(reason);
  }

  private isStopped(): boolean {
    return this.control === 'stop';
  }
}
