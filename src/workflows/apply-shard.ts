import {
  condition,
  continueAsNew,
  patched,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, ApplyResult, ShardItem, UserRef } from '../contract/activities';
import { controlSignal, waitsSignal } from '../contract/messages';
import { isJobControl, isToldWaits } from '../contract/well-formed';
import type { OutcomeCounts } from '../domain/model/outcome';
import type { JobControl, ShardResult } from '../domain/rollout/job-state';
import { shardWindow } from '../domain/rollout/shard-window';
import { readShardPage } from './job/activity-calls';
import { ShardReports } from './job/shard-reports';
import { slidingWindow } from './job/sliding-window';

/** More than 100 buffered events fail a workflow task; half of that is in flight at most. */
const windowSize = 50;
/** Places for writes until the first answer says how many the failure guard allows. */
const firstPlaces = 4;
/** Users per run: keeps the history of one run around 5,000 events. */
const usersPerRun = 1_000;
/** A run whose users are held again and again ends before its history is too long for Temporal. */
const eventsPerRun = 20_000;
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
  /** The last counts are the result. Without it, by a rollout of before, they are a report. */
  returnsCounts?: boolean;
  /** Counts that earlier runs of this shard have not reported. */
  unreported?: OutcomeCounts;
  /** What the rollout was told that it waits for. */
  waitsFor?: string | null;
  /** Shards that write at the same time share the places that the failure guard allows. */
  shards?: number;
}

/**
 * Writes the rows of one range, one `applyUser` activity each, in a sliding window; the users of a step
 * wait until those of the step before are written. Id: `<rollout id>/w<wave>/s<n>`. Ends when every row
 * has an outcome or the rollout says stop, with the counts that no report has carried; continues as new
 * every 1,000 users.
 */
export async function applyShard(input: ShardInput): Promise<ShardResult> {
  const { orgId, rolloutId, wave, fromSeq, toSeq } = input;
  // A run that began without the guard's places goes on with the whole window.
  const shard = new ShardRun(input, patched('places-of-the-failure-guard') ? firstPlaces : null);
  setHandler(controlSignal, (order) => {
    if (isJobControl(order)) shard.obey(order);
  });
  setHandler(waitsSignal, (told) => {
    if (isToldWaits(told)) shard.reports.hear(told);
  });

  const page = await readShardPage({ orgId, rolloutId, wave, fromSeq, toSeq, limit: usersPerRun });
  shard.users = page.length;
  shard.reports.show();
  await slidingWindow(page, {
    size: () => shard.window,
    control: () => (shard.isFull ? 'stop' : shard.control),
    run: (item) => shard.apply(item),
    until: condition,
    stepOf: ({ step }) => step ?? 0,
  });

  const last = page.at(-1);
  const nextSeq = shard.isFull ? fromSeq : (last?.seq ?? toSeq) + 1;
  const isPageWhole = !shard.isFull && page.length < usersPerRun;
  if (shard.control === 'stop' || nextSeq > toSeq || isPageWhole) {
    return await shard.result();
  }
  // An earlier version reported at the end of every run: 1,000 reports for 1,000,000 users.
  if (!patched('reports-outlive-runs')) await shard.report();
  const { control, unreported } = shard;
  const { waitsFor } = shard.reports;
  const rest = { ...input, fromSeq: nextSeq, control, unreported, waitsFor };
  return await continueAsNew<typeof applyShard>(rest);
}

/** One run of a shard: its orders, and the writing of one user. */
class ShardRun {
  control: JobControl;
  /** Users of this run. */
  users = 0;
  private ordersTaken = 0;
  readonly reports: ShardReports;
  private readonly write;

  constructor(
    private readonly input: ShardInput,
    /** Writes of the whole rollout that may be under way together (R96); null: no limit is known. */
    private places: number | null,
  ) {
    const { fromSeq, toSeq } = input;
    this.control = input.control;
    this.reports = new ShardReports(
      {
        every: input.reportEvery,
        title: (done) =>
          `Rows ${fromSeq}–${toSeq}: ${done} of ${this.users} users in this run have an outcome.`,
      },
      input,
    );
    this.write = proxyActivities<Activities>({
      taskQueue: input.writeQueue,
      startToCloseTimeout: '10s',
      // A write is repeated until it has an outcome; the activity itself counts real attempts.
      retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
      priority: { priorityKey: input.priorityKey },
    });
  }

  /**
   * This run begins no more users; the next one goes on with those who are left. Never in a run of
   * 0.1.0, which knows no places: its history went on, and has to be replayed as it was.
   */
  get isFull(): boolean {
    return this.places !== null && workflowInfo().historyLength > eventsPerRun;
  }

  get unreported(): OutcomeCounts {
    return this.reports.pending;
  }

  /** Activities to have in flight at once. */
  get window(): number {
    return shardWindow(this.places, { shards: this.input.shards, largest: windowSize });
  }

  obey(order: JobControl): void {
    this.ordersTaken += 1;
    this.reports.forgetHalt();
    if (!this.isStopped()) this.control = order;
  }

  report(): Promise<void> {
    return this.reports.send();
  }

  async result(): Promise<ShardResult> {
    if (this.input.returnsCounts !== true) await this.report();
    return { counts: this.unreported };
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
    if (result.result !== 'held' && result.result !== 'stopped') this.reports.count(result.result);
    if (result.halted !== null) await this.halt(result.halted);
    else await this.reports.sendIfDue();
  }

  /** Asks again after a permission was refused for now; the order to hold usually comes first. */
  private async whenAllowed(ask: () => Promise<ApplyResult>): Promise<ApplyResult> {
    for (;;) {
      const before = this.ordersTaken;
      const result = await ask();
      if (this.places !== null) this.places = result.places ?? this.places;
      if (result.result !== 'held') return result;
      // An order that came meanwhile may have lifted this hold: the next answer shows it.
      if (result.halted !== null && this.ordersTaken === before) await this.halt(result.halted);
      await condition(() => this.control !== 'run', heldRetryMs);
      await condition(() => this.control !== 'hold');
      if (this.isStopped() || this.isFull) return { ...result, halted: null };
    }
  }

  private async halt(reason: string): Promise<void> {
    if (!this.isStopped()) this.control = 'hold';
    await this.reports.sendHalt(reason, () => this.control !== 'hold');
  }

  private isStopped(): boolean {
    return this.control === 'stop';
  }
}
