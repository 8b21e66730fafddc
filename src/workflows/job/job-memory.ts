import type { RolloutRef } from '../../contract/activities';
import type { ToldWaits } from '../../contract/messages';
import { waitOf, type JobState } from '../../domain/rollout/job-state';
import { Children } from './children';
import { showJob } from './show-job';

/** The state of a job, which the Temporal UI shows after each change, and its running children. */
export class JobMemory {
  readonly children = new Children();
  private told: ToldWaits | null = null;

  constructor(
    readonly ref: RolloutRef,
    private current: JobState,
  ) {}

  get state(): JobState {
    return this.current;
  }

  set state(next: JobState) {
    const hasMoved = next.version !== this.current.version || waitOf(next) !== waitOf(this.current);
    this.current = next;
    if (hasMoved && this.told && this.told.phaseVersion < next.version) this.told = null;
    this.show();
  }

  /** What it was told that it waits for, as long as that is about now; null: nothing. */
  get toldWaits(): string | null {
    return this.told?.phaseVersion === this.current.version ? this.told.waitsFor : null;
  }

  /** One line for people: what the job waits for, as far as it knows. */
  get waitsFor(): string | null {
    return this.toldWaits ?? waitOf(this.current);
  }

  hear(told: ToldWaits): void {
    this.told = told;
    this.show();
  }

  private show(): void {
    showJob(this.current, this.waitsFor);
  }
}
