import { authenticate } from '../../http/authenticate';
import { defineEndpoint } from '../../http/endpoint';
import { metricsOf } from '../metrics';

export const getMetricsEndpoint = defineEndpoint({
  method: 'get',
  path: '/metrics',
  tag: 'Health',
  role: null,
  summary: 'Figures for Prometheus',
  description: 'Open where the API listens on loopback only; elsewhere any token will do.',
  replies: { 200: { description: 'Text format', contentType: 'text/plain' } },
  problems: ['unauthenticated'],
  async handle({ deps, request, response }) {
    if (!deps.isLocal) authenticate(request, deps.tokens);
    const { registry } = metricsOf(deps);
    response.set('Content-Type', registry.contentType).send(await registry.metrics());
    return null;
  },
});
