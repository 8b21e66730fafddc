import { CancellationScope, condition } from '@temporalio/workflow';
import type { RolloutRef } from '../../contract/activities';
import type { ActionResult, JobProgress, ToldWaits } from '../../contract/messages';
import type { OutcomeCounts } from '../../domain/model/outcome';
import {
  addReport,
  controlOf,
  newJobState,
  type JobControl,
  type JobState,
  type ShardReport,
} from '../../domain/rollout/job-state';
import { isFinal, type Phase } from '../../domain/rollout/rollout-phase';
import type { PlanWave } from '../../domain/plan/plan-summary';
import { workflowCost } from '../../domain/rollout/shards';
import { noteProgress } from './activity-calls';
import type { Steerable } from './children';
import { JobMemory } from './job-memory';
import { LockedJob, type MoveDetails } from './locked-job';

/** Thrown into the rollout's own sequence when somebody ended the rollout: the sequence just stops. */
export class EndedEarlyError extends Error {}

/**
 * A running rollout or retry. Its own sequence (plan, write, verify) advances it; updates and tripped
 * guards change it meanwhile. All of them change phase and flags under one lock.
 */
export class Job {
  private readonly memory: JobMemory;
  private readonly locked: LockedJob;
  private isLocked = false;
  private waves: readonly PlanWave[] = [];

  constructor(
    readonly ref: RolloutRef,
    phase: Phase,
    version = 1,
  ) {
    this.memory = new JobMemory(ref, newJobState(phase, version));
    this.locked = new LockedJob(this.memory);
  }

  get state(): JobState {
    return this.memory.state;
  }

  get phase(): Phase {
    return this.state.phase;
  }

  get ended(): boolean {
    return isFinal(this.state.phase);
  }

  get control(): JobControl {
    return controlOf(this.state);
  }

  /** A move is being recorded: the database may be one version ahead of this memory. */
  get isMoving(): boolean {
    return this.isLocked;
  }

  result(): ActionResult {
    const { phase, version: phaseVersion, paused } = this.state;
    return { phase, phaseVersion, paused };
  }

  progress(): JobProgress {
    const { wave, waves, counts, total, deadlineAtMs } = this.state;
    const { waitsFor: waitingFor } = this.memory;
    return { ...this.result(), wave, waves, waitingFor, counts, total, deadlineAt: deadlineAtMs };
  }

  /** Takes over the figures of the plan, before the first wave. */
  begin(
    waves: readonly PlanWave[],
    plan: Pick<JobState, 'total' | 'details'> &
      Partial<Pick<JobState, 'wave' | 'counts' | 'neverStarts'>>,
  ): void {
    this.waves = waves;
    this.memory.state = { ...this.state, ...plan, waves: waves.length };
  }

  /** Shows what only the database knows that the rollout waits for. */
  hearWaits(told: ToldWaits): void {
    this.memory.hear(told);
  }

  /** What it was told, for children that begin now. */
  get toldWaits(): string | null {
    return this.memory.toldWaits;
  }

  /** Adds a shard's counters; `superviseHalts` answers a tripped guard. */
  addReport(report: ShardReport): void {
    this.memory.state = addReport(this.state, report);
  }

  /** Events that the waves which are left cost this workflow at most. */
  get planEvents(): number {
    return workflowCost(this.waves, this.state.wave).events;
  }

  /** Counts an action of people, which adds to the history whatever comes of it. */
  countAction(): void {
    this.memory.state = { ...this.state, actions: this.state.actions + 1 };
  }

  /** Replaces the counts by those of the database. */
  recount(counts: OutcomeCounts): void {
    this.memory.state = { ...this.state, counts };
  }

  /** Shows and records what the rollout waits for, without a change of phase. */
  async announceWaiting(
    waitingFor: string | null,
    deadlineAtMs: number | null = null,
  ): Promise<void> {
    this.memory.state = { ...this.state, waitingFor, deadlineAtMs };
    this.recount((await noteProgress({ ...this.ref, waitingFor, deadlineAtMs })).counts);
  }

  /** Shows and records until when the last written wave soaks. */
  async announceSoak(soaksUntilMs: number): Promise<void> {
    this.memory.state = { ...this.state, soaksUntilMs };
    const noted = { waitingFor: null, deadlineAtMs: null, soaksUntilMs };
    this.recount((await noteProgress({ ...this.ref, ...noted })).counts);
  }

  /** Waits while paused or halted; throws `EndedEarlyError` once the rollout has ended. */
  async untilRunnable(): Promise<void> {
    await condition(() => this.control !== 'hold');
    if (this.ended) throw new EndedEarlyError();
  }

  /** The next step of the rollout's own sequence: moves on as soon as nothing holds the rollout. */
  async advance(to: Phase, details: MoveDetails = {}): Promise<void> {
    for (let moved = false; !moved;) {
      await this.untilRunnable();
      moved = await this.withMoveLock(async (locked) => {
        if (this.control === 'hold') return false;
        if (this.ended) throw new EndedEarlyError();
        await locked.move(to, details);
        return true;
      });
    }
  }

  /** Runs one change of phase or flag at a time. */
  async withMoveLock<T>(work: (locked: LockedJob) => Promise<T>): Promise<T> {
    // Several may wake together: each checks again, and the first one gets the lock.
    while (this.isLocked) await condition(() => !this.isLocked);
    this.isLocked = true;
    try {
      return await work(this.locked);
    } finally {
      this.isLocked = false;
    }
  }

  /**
   * Turns tripped guards into the phase `halted`, until the rollout has ended. A cancellation doesn't
   * stop it: the rollout's own sequence answers that.
   */
  async superviseHalts(): Promise<void> {
    await CancellationScope.nonCancellable(async () => {
      for (;;) {
        await condition(() => this.state.haltReason !== null || this.ended);
        if (this.ended) return;
        await this.withMoveLock((locked) => locked.halt());
      }
    });
  }

  /** Keeps a child under this job's orders until it has ended, and then returns its result. */
  steer<T>(child: Steerable & { result(): Promise<T> }): Promise<T> {
    return this.memory.children.steer(child, this.control);
  }
}
