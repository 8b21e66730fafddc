import { setTimeout as delay } from 'node:timers/promises';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Refusals within a minute that a caller gets at full speed. */
const atFullSpeed = 60;
const perSeconds = 60;
const slowerByMs = 100;
const slowestMs = 5_000;

/**
 * Counts the requests that were refused, per address for unknown tokens and per token for missing
 * roles: from some number on, each further refusal comes later. Requests with a valid token and role
 * are never counted, so that callers behind one proxy don't slow each other down.
 */
export class RefusedCallers {
  constructor(private readonly sleep: (ms: number) => Promise<unknown> = unreferenced) {}

  private readonly limiter = new RateLimiterMemory({ points: atFullSpeed, duration: perSeconds });

  /** Resolves when this caller may have the next refusal. */
  async wait(caller: string): Promise<void> {
    const over = await this.limiter.consume(caller).then(() => 0, timesOver);
    if (over > 0) await this.sleep(Math.min(over * slowerByMs, slowestMs));
  }
}

function unreferenced(ms: number): Promise<unknown> {
  return delay(ms, undefined, { ref: false });
}

/** The limiter rejects with its state, never with an error. */
function timesOver(state: unknown): number {
  return state instanceof RateLimiterRes ? state.consumedPoints - atFullSpeed : 1;
}
