import type { RolloutRef } from '../../contract/activities';
import type { JobState } from '../../domain/rollout/job-state';
import { Children } from './children';
import { showJob } from './show-job';

/** The state of a job, which the Temporal UI shows after each change, and its running children. */
export class JobMemory {
  readonly children = new Children();

  constructor(
    readonly ref: RolloutRef,
    private current: JobState,
  ) {}

  get state(): JobState {
    return this.current;
  }

  set state(next: JobState) {
    this.current = next;
    showJob(next);
  }
}
