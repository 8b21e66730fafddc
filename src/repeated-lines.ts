import { plainMessage } from './database-error';
import type { Logger } from './logger';

/** A line that has not come for so long is counted, and begins anew when it comes again. */
const quietMs = 30_000;
const paused = `and not for the last ${quietMs / 1_000} s`;
/** A line that doesn't stop is counted in between. */
const longMs = 600_000;

interface Repeated {
  times: number;
  /** Of these, how many the log has told. */
  told: number;
  firstAtMs: number;
  lastAtMs: number;
  toldAtMs: number;
  timer: NodeJS.Timeout;
}

/**
 * Logs a line that repeats itself once, and how often it came when it pauses: hundreds of lines of one
 * outage are two. That a line pauses doesn't mean that its cause is over: the next one may say more. Two lines are the same if level, message and error are; numbers don't matter.
 */
export class RepeatedLines {
  private readonly open = new Map<string, Repeated>();

  constructor(
    private readonly logger: Logger,
    private readonly now: () => number = () => performance.now(),
  ) {}

  log(level: 'warn' | 'error', fields: Record<string, unknown>, message: string): void {
    const key = keyOf(level, fields, message);
    const nowMs = this.now();
    const known = this.open.get(key);
    if (known === undefined) {
      this.logger[level](fields, message);
      const timer = setTimeout(() => this.close(key, level, message, paused), quietMs).unref();
      const times = { times: 1, told: 1, firstAtMs: nowMs, lastAtMs: nowMs, toldAtMs: nowMs };
      this.open.set(key, { ...times, timer });
      return;
    }
    known.times += 1;
    known.lastAtMs = nowMs;
    known.timer.refresh();
    if (nowMs - known.toldAtMs >= longMs) this.tell(known, level, `${message}, again and again`);
  }

  /** Tells all counts now, before the process ends. */
  flush(): void {
    for (const [key, { timer }] of this.open) {
      clearTimeout(timer);
      const [level = 'warn', message = ''] = key.split('\n');
      this.close(key, level === 'error' ? 'error' : 'warn', message, 'until now');
    }
  }

  private close(key: string, level: 'warn' | 'error', message: string, how: string): void {
    const known = this.open.get(key);
    this.open.delete(key);
    if (known && known.times > known.told) this.tell(known, level, `${message}, ${how}`);
  }

  private tell(repeated: Repeated, level: 'warn' | 'error', message: string): void {
    const { times, firstAtMs, lastAtMs } = repeated;
    const seconds = Math.round((lastAtMs - firstAtMs) / 1_000);
    this.logger[level]({ times, seconds }, message);
    repeated.told = times;
    repeated.toldAtMs = this.now();
  }
}

function keyOf(level: string, { err }: Record<string, unknown>, message: string): string {
  const error = err === undefined ? '' : plainMessage(err);
  return [level, message, error].map((part) => part.replace(/\d+/g, '#')).join('\n');
}
