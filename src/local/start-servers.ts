import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config/config';
import { searchAttributes } from '../contract/search-attributes';
import { findTemporal } from '../embedded/find-temporal';
import { onFreePorts } from '../embedded/free-port';
import { startPostgres } from '../embedded/start-postgres';
import type { OnProgress } from '../embedded/on-progress';
import { startTemporal } from '../embedded/start-temporal';
import type { Logger } from '../logger';
import { startSimulator } from '../simulator/start-simulator';
import type { StopList } from './stop-list';

export interface SimulatorChoice {
  users?: number | undefined;
  /** Folder of JSON bodies as the real API returns them. */
  org?: string | undefined;
  token: string;
  settings?: NonNullable<Parameters<typeof startSimulator>[0]>['settings'];
}

export interface ServersOptions {
  config: Config;
  folder: string;
  simulator: SimulatorChoice;
  /** Preferred ports; one that is in use is replaced by a free one. */
  preferredPorts: { temporal: number; temporalUi: number; simulator: number } | null;
  logger: Logger;
  stops: StopList;
  onProgress: OnProgress;
}

/** Addresses of the servers: embedded ones, or those of the configuration. */
export interface Servers {
  databaseUrl: string;
  temporalAddress: string;
  temporalUiUrl: string | null;
  /** Null if the configuration names a Webex. */
  simulatorUrl: string | null;
}

async function database({ config, folder, stops, onProgress }: ServersOptions) {
  if (config.databaseUrl !== null) return config.databaseUrl;
  const server = await startPostgres({ folder, onProgress });
  stops.add('PostgreSQL', server.stop);
  return server.url;
}

async function temporal({ config, folder, preferredPorts, stops, onProgress }: ServersOptions) {
  const { address, uiUrl, cliPath, namespace } = config.temporal;
  if (address !== null) return { address, uiUrl };
  const server = await startTemporal({
    cliPath: await findTemporal({ configured: cliPath, onProgress }),
    folder,
    keepsData: true,
    namespace,
    searchAttributes,
    ...(preferredPorts && { port: preferredPorts.temporal, uiPort: preferredPorts.temporalUi }),
  });
  stops.add('the Temporal server', server.stop);
  return server;
}

async function webex({ config, folder, simulator, preferredPorts, logger, stops }: ServersOptions) {
  if (config.webex.baseUrl !== null) return null;
  const { users, org, token, settings } = simulator;
  const dataDir = path.join(folder, 'simulator');
  // Its journal contains tokens.
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const server = await onFreePorts([preferredPorts?.simulator ?? 0], ([port = 0]) =>
    startSimulator({
      port,
      dataDir,
      token,
      logger: logger.child({ part: 'simulator' }),
      ...(users !== undefined && { users }),
      ...(org !== undefined && { org }),
      ...(settings && { settings }),
    }),
  );
  stops.add('the simulator', () => server.close());
  return server.url;
}

/**
 * Starts PostgreSQL, Temporal and the simulator in parallel, unless they are configured. Everything
 * started is on the stop list, even if another part fails. Then this throws the first failure.
 */
export async function startServers(options: ServersOptions): Promise<Servers> {
  const started = [database(options), temporal(options), webex(options)] as const;
  await Promise.allSettled(started);
  const [databaseUrl, server, simulatorUrl] = await Promise.all(started);
  return {
    databaseUrl,
    temporalAddress: server.address,
    temporalUiUrl: server.uiUrl,
    simulatorUrl,
  };
}
