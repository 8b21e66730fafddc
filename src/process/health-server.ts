import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Registry } from 'prom-client';
import { ErrorForPeople } from '../error-for-people';

/**
 * `/livez`, `/readyz` and `/metrics` of a worker, on a separate port. A worker is ready when it has found
 * its organization and polls.
 */
export async function startHealthServer(input: {
  host: string;
  port: number;
  registry: Registry;
  isReady: () => boolean;
}): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/metrics') {
      void input.registry.metrics().then((text) => {
        response.writeHead(200, { 'content-type': input.registry.contentType }).end(text);
      });
      return;
    }
    if (path !== '/livez' && path !== '/readyz') {
      response.writeHead(404).end();
      return;
    }
    const isOk = path === '/livez' || input.isReady();
    response.writeHead(isOk ? 200 : 503, { 'content-type': 'text/plain' });
    response.end(isOk ? 'ok\n' : 'not ready: waiting for Webex, Temporal or the database\n');
  });
  await once(server.listen(input.port, input.host), 'listening').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ErrorForPeople(
      `Port ${input.port} on ${input.host} can't be opened (${reason}): set WORKER_PORT to a free one.`,
    );
  });
  return server;
}
