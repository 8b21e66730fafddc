import type { Settings } from './settings';

interface Bucket {
  left: number;
  at: number;
  lockedUntil: number;
}

/** A budget per token: refills at the set rate up to the burst; the lockout begins when it is empty. */
export class Throttle {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly settings: () => Settings['throttle']) {}

  /** Takes one call from the budget. Returns the seconds to wait if none is left, else null. */
  refuse(token: string, isWrite: boolean, now: number): number | null {
    const settings = this.settings();
    if (!settings || (settings.on !== 'all' && (settings.on === 'writes') !== isWrite)) return null;
    const { ratePerSecond, burst, lockoutSeconds } = settings;
    const bucket = this.buckets.get(token) ?? { left: burst, at: now, lockedUntil: 0 };
    this.buckets.set(token, bucket);
    if (now < bucket.lockedUntil) return Math.max(1, Math.ceil((bucket.lockedUntil - now) / 1000));
    bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) / 1000) * ratePerSecond);
    bucket.at = now;
    if (bucket.left >= 1) {
      bucket.left -= 1;
      return null;
    }
    const waitSeconds = (1 - bucket.left) / ratePerSecond;
    bucket.lockedUntil = now + lockoutSeconds * 1000;
    return Math.max(1, Math.ceil(Math.max(waitSeconds, lockoutSeconds)));
  }

  reset(): void {
    this.buckets.clear();
  }
}
