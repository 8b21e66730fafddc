import { Client, Connection } from '@temporalio/client';
import { createApp } from '../api/create-app';
import { createTemporalJobs } from '../api/jobs/temporal-jobs';
import { tokensOf } from '../api/http/callers/tokens';
import type { Config } from '../config/config';
import type { ConfiguredToken } from '../config/variables';
import type { Db } from '../db/connect';
import type { Logger } from '../logger';
import { temporalClientOptions } from './temporal-connection';
import { listen, type Listening } from './listen';
import { productVersion } from './product-version';

export interface ServeApiOptions {
  config: Config;
  db: Db;
  logger: Logger;
  temporalAddress: string;
  temporalUiUrl: string | null;
  tokens: ConfiguredToken[];
  host: string;
  port: number;
  isLocal: boolean;
}

/** Starts the API. It connects to Temporal when it first needs it, so it starts without Temporal. */
export async function serveApi(options: ServeApiOptions): Promise<Listening> {
  const { config, db, logger, temporalUiUrl, isLocal, host, port } = options;
  const connection = Connection.lazy(
    temporalClientOptions(config.temporal, options.temporalAddress),
  );
  const { namespace } = config.temporal;
  const app = createApp({
    db,
    jobs: createTemporalJobs(new Client({ connection, namespace }), config.temporal.userLabels),
    tokens: tokensOf(options.tokens),
    logger,
    defaults: { writesPerSecond: config.webex.writesPerSecond },
    version: productVersion(),
    isLocal,
    temporalNamespace: namespace,
    ...(temporalUiUrl !== null && { temporalUiUrl }),
  });
  const listening = await listen(app, { host, port });
  return {
    url: listening.url,
    close: async () => {
      await listening.close();
      await connection.close();
    },
  };
}
