import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface WorkerMetrics {
  registry: Registry;
  /** For `createWebex`: every request to Webex, with what came of it. */
  onCall: (call: { operation: string; status: number; durationMs: number }) => void;
  setPace: (perSecond: number) => void;
}

/** What an operator watches on a worker. */
export function createWorkerMetrics(): WorkerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const calls = new Counter({
    name: 'seatwise_webex_calls_total',
    help: 'Requests to Webex by operation and status; status 0 is no answer.',
    labelNames: ['operation', 'status'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'seatwise_webex_call_seconds',
    help: 'Time of one request to Webex.',
    labelNames: ['operation'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8],
    registers: [registry],
  });
  const pace = new Gauge({
    name: 'seatwise_writes_per_second_allowed',
    help: 'Pace of write calls in force for the organization, all workers together.',
    registers: [registry],
  });
  return {
    registry,
    onCall: ({ operation, status, durationMs }) => {
      calls.inc({ operation, status: String(status) });
      seconds.observe({ operation }, durationMs / 1_000);
    },
    setPace: (perSecond) => pace.set(perSecond),
  };
}
