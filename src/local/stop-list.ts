import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logger';

/** Within this, a part has stopped or is left to its guard: the whole must be down in ten seconds. */
const patienceMs = 4_000;

/** What was started, so that it can be stopped the other way round: the worker before its servers. */
export class StopList {
  private readonly stops: { name: string; stop: () => Promise<void> }[] = [];
  private stopping: Promise<void> | null = null;

  constructor(private readonly logger: Logger) {}

  add(name: string, stop: () => Promise<void>): void {
    this.stops.push({ name, stop });
  }

  /** Stops everything once, however often it is asked; never throws. */
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
          this.logger.warn({ err: error }, `${name} did not stop well`);
          return true;
        },
      );
      const waited = new AbortController();
      const late = sleep(patienceMs, false, { signal: waited.signal }).catch(() => false);
      if (!(await Promise.race([ended, late]))) this.logger.warn(`${name} takes long to stop`);
      waited.abort();
    }
  }
}
