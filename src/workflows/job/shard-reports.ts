import {
  condition,
  getExternalWorkflowHandle,
  patched,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import { reportSignal, type ToldWaits } from '../../contract/messages';
import type { Outcome, OutcomeCounts } from '../../domain/model/outcome';
import type { ShardReport } from '../../domain/rollout/job-state';
import { withWaits } from './show-job';

/** How soon a halt is reported again after the rollout could not be reached. */
const repeatMs = 60_000;

/**
 * What a shard tells its rollout. Reports only keep figures fresh, which the database has anyway: one
 * that can't be delivered changes nothing. A halt is reported until it arrives.
 */
export class ShardReports {
  private done = 0;
  private told: string | null;
  private isHaltReported = false;
  private unreported: OutcomeCounts;
  private readonly parentId = workflowInfo().parent?.workflowId;

  constructor(
    private readonly options: { every: number; title: (done: number) => string },
    before: { unreported?: OutcomeCounts; waitsFor?: string | null } = {},
  ) {
    this.unreported = before.unreported ?? {};
    this.told = before.waitsFor ?? null;
  }

  /** Counts that no report has carried yet. */
  get pending(): OutcomeCounts {
    return this.unreported;
  }

  count(outcome: Outcome): void {
    this.unreported[outcome] = (this.unreported[outcome] ?? 0) + 1;
    this.done += 1;
  }

  async sendIfDue(): Promise<void> {
    if (this.done % this.options.every === 0) await this.send();
  }

  async send(): Promise<void> {
    this.show();
    if (Object.keys(this.unreported).length > 0) await this.deliver(this.taken(null));
  }

  /** Reports a halt once until the next order; `isOver` ends the wait for a rollout out of reach. */
  async sendHalt(reason: string, isOver: () => boolean): Promise<void> {
    this.show();
    if (this.isHaltReported && patched('one-report-per-halt')) return;
    this.isHaltReported = true;
    const report = this.taken(reason);
    while (!(await this.deliver(report))) {
      await condition(isOver, repeatMs);
      if (isOver()) return;
    }
  }

  /** The rollout has answered: what halts the shard from now on is news. */
  forgetHalt(): void {
    this.isHaltReported = false;
  }

  /** What the rollout waits for, as the shard was told. */
  get waitsFor(): string | null {
    return this.told;
  }

  hear({ waitsFor }: ToldWaits): void {
    this.told = waitsFor;
    this.show();
  }

  show(): void {
    setCurrentDetails(withWaits(this.options.title(this.done), this.told));
  }

  private taken(halted: string | null): ShardReport {
    const counts = this.unreported;
    this.unreported = {};
    return { counts, halted: halted === null ? null : { reason: halted } };
  }

  private async deliver(report: ShardReport): Promise<boolean> {
    if (!this.parentId) return true;
    return await getExternalWorkflowHandle(this.parentId)
      .signal(reportSignal, report)
      .then(
        () => true,
        () => false,
      );
  }
}
