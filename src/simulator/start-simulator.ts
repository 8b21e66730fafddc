import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger, type Logger } from '../logger';
import { generateOrganization } from './organization/generate-organization';
import { allRoutes } from './routes/all-routes';
import { createRouter } from './server/router';
import { serveCall } from './server/serve-call';
import { changeSettings, settingsSchema, type SettingsInput } from './settings';
import { Simulator } from './simulator';
import { allScopes, newTokenValue, tokenName } from './tokens';

export interface SimulatorOptions {
  /** 0: any free port. */
  port?: number;
  host?: string;
  /** Size of the generated organization. */
  users?: number;
  seed?: number;
  /** A folder of JSON bodies, instead of a generated organization. */
  org?: string;
  /** The administrator's token; made up when absent. */
  token?: string;
  /** Folder in which truth and log survive the process. */
  dataDir?: string;
  settings?: SettingsInput;
  logger?: Logger;
}

export interface RunningSimulator {
  /** `http://127.0.0.1:<port>`; the API is under `/v1` and `/identity`. */
  url: string;
  port: number;
  adminToken: string;
  /** The state behind the server, for tests in the same process. */
  simulator: Simulator;
  close(): Promise<void>;
}

/** Starts a Webex of one's own; resolves when it listens. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const logger = options.logger ?? createLogger({ name: 'simulator', level: 'warn' });
  const organization = generateOrganization({
    users: options.users ?? 200,
    seed: options.seed ?? 1,
  });
  const settings = changeSettings(settingsSchema.parse({}), options.settings);
  const simulator = new Simulator(organization, settings, logger, () => undefined);
  const adminToken = options.token ?? newTokenValue();
  simulator.record({
    token: {
      value: adminToken,
      name: tokenName(adminToken),
      scopes: allScopes,
      kind: 'person',
      expiresAt: Number.MAX_SAFE_INTEGER,
    },
  });
  const server = serve(simulator);
  const port = await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
  return {
    url: `http://${options.host ?? '127.0.0.1'}:${port}`,
    port,
    adminToken,
    simulator,
    close: () => stop(server),
  };
}

function serve(simulator: Simulator): Server {
  const route = createRouter(allRoutes);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://simulator');
    const match = route(request.method ?? '', url.pathname);
    serveCall(simulator, match, url, request, response).catch((error: unknown) => {
      simulator.logger.error({ err: error }, 'A call could not be answered');
      request.socket.destroy();
    });
  });
  server.keepAliveTimeout = 65_000;
  return server;
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
