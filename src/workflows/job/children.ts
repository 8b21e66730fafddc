import { controlSignal } from '../../contract/messages';
import type { JobControl } from '../../domain/rollout/job-state';

/** A child that obeys orders. */
export interface Steerable {
  signal(definition: typeof controlSignal, order: JobControl): Promise<void>;
}

/** The running children of a job. */
export class Children {
  private readonly running = new Set<Steerable>();

  /** A child that has ended meanwhile can't be reached, and doesn't have to be. */
  async order(order: JobControl): Promise<void> {
    const sent = [...this.running].map((child) => child.signal(controlSignal, order));
    await Promise.allSettled(sent);
  }

  /** Keeps a child under orders until it has ended; one that began during a hold is held at once. */
  async steer<T>(child: Steerable & { result(): Promise<T> }, control: JobControl): Promise<T> {
    this.running.add(child);
    try {
      if (control !== 'run') await Promise.allSettled([child.signal(controlSignal, control)]);
      return await child.result();
    } finally {
      this.running.delete(child);
    }
  }
}
