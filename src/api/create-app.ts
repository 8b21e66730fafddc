import { randomUUID } from 'node:crypto';
import express, { type Express, type Response } from 'express';
import helmet from 'helmet';
import pinoHttp from 'pino-http';
import { RepeatedLines } from '../repeated-lines';
import { EventFeeds } from './events/event-feeds';
import type { ApiDeps, AppDeps } from './http/deps';
import { docsPage } from './document/docs-page';
import { createMetrics } from './health/create-metrics';
import { openApiOf } from './document/openapi';
import { sendProblem, unknownAddress } from './http/problem-middleware';
import { RefusedCallers } from './http/callers/refused-callers';
import { refuseMethod, registerEndpoints } from './http/register-endpoints';
import { endpoints } from './endpoints';

/**
 * Who was refused is of interest without a fault of ours. Why a request failed is told once (`sendProblem`);
 * which ones failed unexpectedly is told here, so that the id in a 500 can be found.
 */
function logLevelOf(status: number): 'info' | 'debug' {
  if (status === 500) return 'info';
  return status === 401 || status === 403 ? 'info' : 'debug';
}

/** The name of the token, where a request had a valid one. */
function callerIn({ locals }: Response): { caller?: string } {
  const { caller } = locals as { caller?: string };
  return caller === undefined ? {} : { caller };
}

/** The HTTP API as an Express app that listens nowhere yet. */
export function createApp(given: AppDeps): Express {
  const { observe, ...metrics } = createMetrics(given.db);
  const everyMs = given.progressEveryMs ?? 1_000;
  const lines = new RepeatedLines(given.logger);
  const feeds = new EventFeeds({ logger: given.logger, everyMs });
  const deps: ApiDeps = { ...given, metrics, feeds, refusedCallers: new RefusedCallers() };
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(
    pinoHttp({
      logger: deps.logger,
      genReqId: () => randomUUID(),
      customLogLevel: (_request, { statusCode }) => logLevelOf(statusCode),
      customProps: (_request, response) => callerIn(response as Response),
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
  app.use(sendProblem(lines));
  return app;
}
