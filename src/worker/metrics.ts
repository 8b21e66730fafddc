import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface WorkerMetrics {
  registry: Registry;
  /** For `createWebex`: counts every request to Webex with its result. */
  onCall: (call: { operation: string; status: number; durationMs: number }) => void;
  setPace: (perSecond: number) => void;
  /** The counters of one rollout were compared with its rows. */
  onCountersCompared: (compared: { isRepaired: boolean }) => void;
}

/** The metrics of a worker. */
export function createWorkerMetrics(): WorkerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const calls = new Counter({
    name: 'seatwise_webex_calls_total',
    help: 'Requests to Webex by operation and status. Status 0 means that no answer arrived.',
    labelNames: ['operation', 'status'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'seatwise_webex_call_seconds',
    help: 'Duration of one request to Webex in seconds.',
    labelNames: ['operation'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8],
    registers: [registry],
  });
  const pace = new Gauge({
    name: 'seatwise_writes_per_second_allowed',
    help: 'Current pace of write calls per second for the organization, over all workers.',
    registers: [registry],
  });
  const compared = new Counter({
    name: 'seatwise_rollout_counters_compared_total',
    help: 'Rollouts whose counters were compared with their rows, by result: equal or repaired.',
    labelNames: ['result'],
    registers: [registry],
  });
  for (const result of ['equal', 'repaired']) compared.inc({ result }, 0);
  return {
    registry,
    onCall: ({ operation, status, durationMs }) => {
      calls.inc({ operation, status: String(status) });
      seconds.observe({ operation }, durationMs / 1_000);
    },
    setPace: (perSecond) => pace.set(perSecond),
    onCountersCompared: ({ isRepaired }) =>
      compared.inc({ result: isRepaired ? 'repaired' : 'equal' }),
  };
}
