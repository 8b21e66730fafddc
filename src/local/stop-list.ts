import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logger';

/** After this time a part is left to its guard: everything must have stopped within ten seconds. */
const patienceMs = 4_000;

/** What was started, to stop it in reverse order: the worker before its servers. */
export class StopList {
  private readonly stops: { name: string; stop: () => Promise<void> }[] = [];
  private stopping: Promise<void> | null = null;

  constructor(private readonly logger: Logger) {}

  add(name: string, stop: () => Promise<void>): void {
    this.stops.push({ name, stop });
  }

  /** Stops everything once, however often it is called. Never throws. */
  stopAll(): Promise<void> {
    this.stopping ??= this.stopEach();
    return this.stopping;
  }

  private async stopEach(): Promise<void> {
    for (let last = this.stops.pop(); last; last = this.stops.pop()) {
      const { name, stop } = last;
      const ended = stop().then(
        () => true,
        (error: unknown) => {
          this.logger.warn({ err: error }, `stopping ${name} failed`);
          return true;
        },
      );
      const waited = new AbortController();
      const late = sleep(patienceMs, false, { signal: waited.signal }).catch(() => false);
      if (!(await Promise.race([ended, late]))) this.logger.warn(`${name} has not stopped yet`);
      waited.abort();
    }
  }
}
