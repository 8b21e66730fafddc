import { CancellationScope, condition, upsertSearchAttributes } from '@temporalio/workflow';
import type { Counts, PhaseMove } from '../../contract/activities';
import { canMove, isFinal, type Phase } from '../../domain/rollout/rollout-phase';
import type {
  ActionResult,
  Actor,
  Progress,
  ShardControl,
  ShardReport,
} from '../../contract/messages';
import { failedAttribute, phaseAttribute, totalAttribute } from '../../contract/search-attributes';
import { Children, type Steerable } from './children';
import { showJob } from './show-job';
import { unwrapped } from './unwrapped';
import { drainWrites, movePhase, noteProgress, setHold, withholdRest } from './activity-calls';

/** Thrown into the story when somebody ended the rollout; the story just stops. */
export class Stopped extends Error {}

type MoveDetails = Partial<
  Pick<PhaseMove, 'actor' | 'reason' | 'waitingFor' | 'wave' | 'deadlineAtMs' | 'draft'>
>;

/**
 * The memory of a running rollout: phase, flags, counters, and the children to steer. Moves are made
 * one at a time; each is recorded in the database before it is believed here.
 */
export class Job {
  version = 1;
  paused = false;
  wave: number | null = null;
  waves = 0;
  total = 0;
  counts: Counts = {};
  details = '';
  private waitingFor: string | null = null;
  private deadlineAt: number | null = null;
  private haltReason: string | null = null;
  private haltedFrom: Phase | null = null;
  /** A move is being recorded: the database may be one version ahead of this memory. */
  isMoving = false;
  private readonly children = new Children();

  constructor(
    readonly orgId: string,
    readonly rolloutId: string,
    public phase: Phase,
  ) {}

  get ended(): boolean {
    return isFinal(this.phase);
  }

  get control(): ShardControl {
    if (this.ended) return 'stop';
    return this.paused || this.phase === 'halted' || this.haltReason !== null ? 'hold' : 'run';
  }

  result(): ActionResult {
    return { phase: this.phase, phaseVersion: this.version, paused: this.paused };
  }

  progress(): Progress {
    const { phase, paused, wave, waves, counts, total } = this;
    const { waitingFor, deadlineAt, version: phaseVersion } = this;
    return { phase, phaseVersion, paused, wave, waves, waitingFor, counts, total, deadlineAt };
  }

  /** Waits while paused or halted; throws `Stopped` once the rollout has been ended. */
  async ready(): Promise<void> {
    await condition(() => this.control !== 'hold');
    if (this.ended) throw new Stopped();
  }

  /** Moves on as part of the story: waits while held, and stops when somebody ended the rollout. */
  async advance(to: Phase, details: MoveDetails = {}): Promise<void> {
    for (let moved = false; !moved;) {
      await this.ready();
      moved = await this.exclusively(async () => {
        if (this.control === 'hold') return false;
        if (this.ended) throw new Stopped();
        await this.move(to, details);
        return true;
      });
    }
  }

  /** Runs one change of phase or flag at a time. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    // Several may be woken together: each looks again, and the first one takes it.
    while (this.isMoving) await condition(() => !this.isMoving);
    this.isMoving = true;
    try {
      return await work();
    } finally {
      this.isMoving = false;
    }
  }

  /** Records a move and then believes it. Call it only inside `exclusively`. */
  async move(
    to: Phase,
    details: MoveDetails,
    record: (move: PhaseMove) => Promise<{ counts: Counts }> = movePhase,
  ): Promise<void> {
    const from = this.phase;
    if (from !== to && !canMove(from, to)) {
      throw new Error(`No way leads from ${from} to ${to}`);
    }
    const { counts } = await unwrapped(record, {
      orgId: this.orgId,
      rolloutId: this.rolloutId,
      from,
      to,
      version: this.version + 1,
      actor: details.actor ?? null,
      reason: details.reason ?? '',
      waitingFor: details.waitingFor ?? null,
      ...(details.wave === undefined ? {} : { wave: details.wave }),
      ...(details.deadlineAtMs === undefined ? {} : { deadlineAtMs: details.deadlineAtMs }),
      ...(details.draft === undefined ? {} : { draft: details.draft }),
    });
    this.believe(to, counts, details);
  }

  private believe(to: Phase, counts: Counts, details: MoveDetails): void {
    this.phase = to;
    this.version += 1;
    this.counts = counts;
    this.waitingFor = details.waitingFor ?? null;
    if (details.wave !== undefined) this.wave = details.wave;
    if (details.deadlineAtMs !== undefined) this.deadlineAt = details.deadlineAtMs;
    upsertSearchAttributes([
      { key: phaseAttribute, value: to },
      { key: totalAttribute, value: this.total },
      { key: failedAttribute, value: counts.failed ?? 0 },
    ]);
    this.show();
  }

  /** Says what is being waited for, without a change of phase, and learns the counts as recorded. */
  async note(waitingFor: string | null, deadlineAtMs: number | null = null): Promise<void> {
    this.waitingFor = waitingFor;
    this.deadlineAt = deadlineAtMs;
    const { orgId, rolloutId } = this;
    const { counts } = await noteProgress({ orgId, rolloutId, waitingFor, deadlineAtMs });
    this.counts = counts;
    this.show();
  }

  /** A shard's counters; a tripped guard is answered by `superviseHalts`. */
  take(report: ShardReport): void {
    for (const [outcome, n] of Object.entries(report.counts) as [keyof Counts, number][]) {
      this.counts[outcome] = (this.counts[outcome] ?? 0) + n;
      this.counts.planned = Math.max(0, (this.counts.planned ?? 0) - n);
    }
    if (report.halted) this.haltReason ??= report.halted.reason;
    this.show();
  }

  /**
   * Turns tripped guards into the phase `halted`. Runs beside the story until the rollout has ended;
   * a cancellation is the story's to answer.
   */
  async superviseHalts(): Promise<void> {
    await CancellationScope.nonCancellable(() => this.haltWhenTripped());
  }

  private async haltWhenTripped(): Promise<void> {
    for (;;) {
      await condition(() => this.haltReason !== null || this.ended);
      if (this.ended) return;
      await this.exclusively(async () => {
        const reason = this.haltReason;
        if (reason === null) return;
        if (canMove(this.phase, 'halted')) {
          this.haltedFrom = this.phase;
          await this.move('halted', { reason, waitingFor: `resume, abort: ${reason}` });
        }
        await this.children.order('hold');
        this.haltReason = null;
      });
    }
  }

  /** Call it only inside `exclusively`. */
  async pause(actor: Actor, reason: string): Promise<void> {
    await this.setPaused(true, actor, reason);
    await this.children.order('hold');
  }

  /** Call it only inside `exclusively`. */
  async resume(actor: Actor, reason: string): Promise<void> {
    if (this.phase === 'halted' && this.haltedFrom) {
      await this.move(this.haltedFrom, { actor, reason });
      this.paused = false;
      // Children are still held: what they reported meanwhile is about the time before.
      this.haltReason = null;
    } else {
      await this.setPaused(false, actor, reason);
    }
    await this.children.order('run');
  }

  /**
   * Ends the rollout early: nothing new is written, and what wasn't written is withheld. Call it
   * only inside `exclusively`.
   */
  async end(
    to: 'aborted' | 'discarded' | 'failed',
    reason: string,
    details: { actor?: Actor; draft?: 'dropped' | undefined },
  ): Promise<void> {
    const { orgId, rolloutId } = this;
    await this.move(to, {
      reason,
      ...(details.actor ? { actor: details.actor } : {}),
      ...(details.draft ? { draft: details.draft } : {}),
    });
    await this.children.order('stop');
    await drainWrites({ orgId, rolloutId });
    this.counts = (await withholdRest({ orgId, rolloutId })).counts;
    this.show();
  }

  private async setPaused(paused: boolean, actor: Actor, reason: string): Promise<void> {
    const { orgId, rolloutId } = this;
    const version = this.version + 1;
    await setHold({ orgId, rolloutId, paused, version, actor, reason });
    this.paused = paused;
    this.version = version;
    this.show();
  }

  /** Keeps a child under this job's orders until it has ended, and then passes its result on. */
  steer<T>(child: Steerable & { result(): Promise<T> }): Promise<T> {
    return this.children.steer(child, this.control);
  }

  private show(): void {
    const { phase, paused, wave, waitingFor, counts, details } = this;
    showJob({ phase, paused, wave, waitingFor, counts, plan: details });
  }
}
