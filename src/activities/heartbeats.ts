import { Context } from '@temporalio/activity';
import type { ReadOptions } from '../webex/webex';

const everyMs = 5_000;

/**
 * Runs bulk work under heartbeats of its own clock, so that one slow page doesn't look like a dead
 * worker. `read` carries the activity's cancellation into every call.
 */
export async function withHeartbeats<T>(work: (read: ReadOptions) => Promise<T>): Promise<T> {
  const context = Context.current();
  let progress = 0;
  const timer = setInterval(() => context.heartbeat(progress), everyMs);
  try {
    return await work({
      signal: context.cancellationSignal,
      onPage: (read) => {
        progress = read;
        context.heartbeat(read);
      },
    });
  } finally {
    clearInterval(timer);
  }
}
