import type { LoggedCall } from './simulated-webex';

const wasDone = ({ statusTold }: LoggedCall) => statusTold === 200;

/** Users with a successful write, per second from the arrival of the first call to the end of the last. */
export function usersPerSecond(calls: readonly LoggedCall[]): number {
  const done = calls.filter(wasDone);
  if (done.length === 0) throw new Error('No write was done, so there is no rate.');
  const users = new Set(done.map(({ personId }) => personId)).size;
  const firstMs = Math.min(...done.map(({ arrivedAt }) => Date.parse(arrivedAt)));
  const lastMs = Math.max(...done.map(({ completedAt }) => Date.parse(completedAt)));
  return (users * 1_000) / (lastMs - firstMs);
}

/** Successful calls that arrived in this window. */
export function doneWithin(calls: readonly LoggedCall[], fromMs: number, toMs: number): number {
  return calls.filter((call) => {
    const atMs = Date.parse(call.arrivedAt);
    return wasDone(call) && atMs >= fromMs && atMs < toMs;
  }).length;
}
