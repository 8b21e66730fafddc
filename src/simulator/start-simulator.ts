import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '../logger';
import { allControls, serveControl } from './controls/serve-control';
import type { SimulatorOptions } from './open-simulator';
import { openSimulator } from './open-simulator';
import { allRoutes } from './routes/all-routes';
import { createRouter } from './server/router';
import { serveCall } from './server/serve-call';
import type { Simulator } from './state/simulator';

export interface RunningSimulator {
  /** `http://127.0.0.1:<port>`; the API is under `/v1` and `/identity`. */
  url: string;
  port: number;
  adminToken: string;
  /** The state behind the server, for tests in the same process. */
  simulator: Simulator;
  close(): Promise<void>;
}

/**
 * Starts the simulator; resolves when it listens. Throws `ErrorForPeople` for a folder that can't be
 * read. With a `dataDir` that was used before, it continues with the organization that is kept there.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const logger = options.logger ?? createLogger({ name: 'simulator', level: 'warn' });
  const { simulator, adminToken, closeJournal } = await openSimulator(options, logger);
  const server = serve(simulator);
  const host = options.host ?? '127.0.0.1';
  const port = await listen(server, options.port ?? 0, host).catch((error: unknown) => {
    closeJournal();
    throw error;
  });
  return {
    url: `http://${host}:${port}`,
    port,
    adminToken,
    simulator,
    close: async () => {
      await stop(server);
      closeJournal();
    },
  };
}

function serve(simulator: Simulator): Server {
  const route = createRouter(allRoutes);
  const control = createRouter(allControls);
  const server = createServer((request, response) => {
    const url = addressOf(request.url ?? '/');
    // The body of an answer to HEAD is left out by Node itself.
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
    const controlled = control(method, url.pathname);
    const served =
      controlled.kind === 'route'
        ? serveControl(simulator, controlled.route, controlled.params, url, request, response)
        : serveCall(simulator, route(method, url.pathname), url, request, response);
    served.catch((error: unknown) => {
      simulator.logger.error({ err: error }, 'A call could not be answered');
      request.socket.destroy();
    });
  });
  server.keepAliveTimeout = 65_000;
  return server;
}

/** The requested address; an invalid one becomes a path without a route. */
function addressOf(target: string): URL {
  const path = target.startsWith('/') ? target.replace(/^\/+/, '/') : target;
  // With two arguments, `//host` would become another host, and `//` would throw.
  const text = path.startsWith('/') ? `http://simulator${path}` : path;
  return URL.canParse(text) ? new URL(text) : new URL('http://simulator/unreadable');
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
