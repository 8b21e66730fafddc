import { createRandom, fraction, hashText } from '../organization/random';
import type { Settings } from './settings';

/** When a write shows, and which replica answers a read. */
export class Propagation {
  private readonly random = createRandom(hashText('replica'));

  constructor(private readonly settings: () => Settings['propagation']) {}

  /** One time per replica; null: the write shows immediately. */
  visibleAt(personId: string, now: number): number[] | null {
    const { delay, replicas, overrides } = this.settings();
    if (delay.mode === 'none' && overrides[personId] === undefined) return null;
    return Array.from({ length: replicas }, (_, replica) => now + this.delayMs(personId, replica));
  }

  pickReplica(): number {
    const { replicas } = this.settings();
    return replicas === 1 ? 0 : Math.floor(this.random() * replicas);
  }

  /** A user's delay on one replica is always the same, whatever else happens. */
  private delayMs(personId: string, replica: number): number {
    const { delay, seed, overrides } = this.settings();
    const override = overrides[personId];
    if (override !== undefined) return override;
    const draw = fraction(seed, hashText(personId), replica);
    switch (delay.mode) {
      case 'none':
        return 0;
      case 'fixed':
        return delay.delayMs;
      case 'uniform':
        return delay.minMs + draw * (delay.maxMs - delay.minMs);
      case 'exponential':
        return Math.min(delay.maxMs, -delay.meanMs * Math.log(1 - draw));
    }
  }
}
