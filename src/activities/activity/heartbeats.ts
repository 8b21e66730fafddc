import { Context } from '@temporalio/activity';
import type { ReadOptions } from '../../webex/port/webex';

const everyMs = 5_000;
/** Reads report progress at least before each of their waits: work that is silent for longer is stuck. */
const stalledMs = 180_000;

/**
 * Runs bulk work under heartbeats of its own clock, so that one slow page doesn't look like a dead
 * worker. `read` carries the activity's cancellation into every call. Stuck work gets no heartbeats, so
 * that Temporal starts it again.
 */
export async function withHeartbeats<T>(work: (read: ReadOptions) => Promise<T>): Promise<T> {
  const context = Context.current();
  let progress = 0;
  let aliveAtMs = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - aliveAtMs < stalledMs) context.heartbeat(progress);
  }, everyMs);
  try {
    return await work({
      signal: context.cancellationSignal,
      onPage: (read) => {
        progress = read;
        aliveAtMs = performance.now();
        context.heartbeat(read);
      },
    });
  } finally {
    clearInterval(timer);
  }
}
