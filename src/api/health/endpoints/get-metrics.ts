import { authenticate } from '../../http/callers/authenticate';
import { defineEndpoint } from '../../http/endpoint';

export const getMetricsEndpoint = defineEndpoint({
  method: 'get',
  path: '/metrics',
  tag: 'Health',
  role: null,
  summary: 'Metrics for Prometheus',
  description: 'Open if the API listens on loopback only. Otherwise any valid token is accepted.',
  replies: { 200: { description: 'Prometheus text format', contentType: 'text/plain' } },
  problems: ['unauthenticated'],
  async handle({ deps, request, response }) {
    if (!deps.isLocal) await authenticate({ deps, request, response }, 'viewer');
    const { contentType, text } = deps.metrics;
    response.set('Content-Type', contentType).send(await text());
    return null;
  },
});
