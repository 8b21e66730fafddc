import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { countPhases } from '../../db/rollout/rollouts';
import { watchAges } from '../../db/watch/watch-state';
import { phases } from '../../domain/rollout/rollout-phase';
import type { Db } from '../../db/connect';
import type { ApiDeps } from '../http/deps';

/** The figures of one app: its process, its requests by route, and rollouts by phase. */
export function createMetrics(db: Db): ApiDeps['metrics'] & { observe: RequestHandler } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: 'seatwise_http_request_duration_seconds',
    help: 'Time to answer, by endpoint',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 5, 20],
    registers: [registry],
  });
  new Gauge({
    name: 'seatwise_rollouts',
    help: 'Rollouts in the database, by phase',
    labelNames: ['phase'],
    registers: [registry],
    async collect() {
      this.reset();
      // Without the database the other figures matter even more.
      const counts = await countPhases(db).catch(() => null);
      if (!counts) return;
      for (const phase of phases) this.set({ phase }, 0);
      for (const { phase, rollouts } of counts) this.set({ phase }, rollouts);
    },
  });
  new Gauge({
    name: 'seatwise_watch_look_age_seconds',
    help: 'Time since the last successful check of the watch, by organization',
    labelNames: ['organization'],
    registers: [registry],
    async collect() {
      this.reset();
      const ages = await watchAges(db).catch(() => []);
      for (const { orgUuid, seconds } of ages) this.set({ organization: orgUuid }, seconds);
    },
  });
  const observe: RequestHandler = (request, response, next) => {
    const stop = seconds.startTimer();
    response.on('finish', () => {
      const route = typeof response.locals.route === 'string' ? response.locals.route : 'none';
      stop({ method: request.method, route, status: response.statusCode });
    });
    next();
  };
  return { observe, contentType: registry.contentType, text: () => registry.metrics() };
}
