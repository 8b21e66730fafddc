import { controlSignal, type ShardControl } from '../../contract/messages';

/** What a child of a job must be able to do: take orders. */
export interface Steerable {
  signal(definition: typeof controlSignal, order: ShardControl): Promise<void>;
}

/** The children of a job that run now. */
export class Children {
  private readonly running = new Set<Steerable>();

  /** Children that have ended meanwhile don't mind. */
  async order(order: ShardControl): Promise<void> {
    const sent = [...this.running].map((child) => child.signal(controlSignal, order));
    await Promise.allSettled(sent);
  }

  /** Keeps a child under orders until it has ended; one that began during a hold is told at once. */
  async steer<T>(child: Steerable & { result(): Promise<T> }, control: ShardControl): Promise<T> {
    this.running.add(child);
    try {
      if (control !== 'run') await Promise.allSettled([child.signal(controlSignal, control)]);
      return await child.result();
    } finally {
      this.running.delete(child);
    }
  }
}
