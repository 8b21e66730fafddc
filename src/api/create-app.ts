import { randomUUID } from 'node:crypto';
import express, { type Express } from 'express';
import helmet from 'helmet';
import pinoHttp from 'pino-http';
import { EventFeeds } from './events/event-feeds';
import type { ApiDeps, AppDeps } from './http/deps';
import { docsPage } from './document/docs-page';
import { createMetrics } from './health/create-metrics';
import { openApiOf } from './document/openapi';
import { sendProblem, unknownAddress } from './http/problem-middleware';
import { refuseMethod, registerEndpoints } from './http/register-endpoints';
import { endpoints } from './endpoints';

/** The HTTP API as an Express app that listens nowhere yet. */
export function createApp(given: AppDeps): Express {
  const { observe, ...metrics } = createMetrics(given.db);
  const everyMs = given.progressEveryMs ?? 1_000;
  const feeds = new EventFeeds({ logger: given.logger, everyMs });
  const deps: ApiDeps = { ...given, metrics, feeds };
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(
    pinoHttp({
      logger: deps.logger,
      genReqId: () => randomUUID(),
      customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'error' : 'debug'),
      serializers: {
        req: ({ id, method, url }: { id: string; method: string; url: string }) => ({
          id,
          method,
          url,
        }),
        res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
      },
    }),
  );
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          // Swagger UI draws with inline styles and data: images.
          styleSrc: ["'self'", "'unsafe-inline'"],
          imgSrc: ["'self'", 'data:'],
          objectSrc: ["'none'"],
          baseUri: ["'none'"],
          frameAncestors: ["'none'"],
        },
      },
      // With plain HTTP on loopback a browser must not insist on TLS.
      strictTransportSecurity: !deps.isLocal,
    }),
  );
  app.use(observe);
  app.use('/v1', (_request, response, next) => {
    // Answers contain personal data.
    response.set('Cache-Control', 'no-store');
    next();
  });
  const document = openApiOf(endpoints, deps.version);
  app.get('/openapi.json', (_request, response) => {
    response.json(document);
  });
  app.use(docsPage());
  app.all(['/openapi.json', '/docs'], refuseMethod(['get']));
  registerEndpoints(app, endpoints, deps);
  app.use(unknownAddress);
  app.use(sendProblem);
  return app;
}
