/** `npm run api`, which prints its peak memory when it is stopped. */
import { loadConfig } from '../../src/config/load-config';
import { openDatabase } from '../../src/db/connect';
import { createLogger } from '../../src/logger';
import { runEntry, untilAborted } from '../../src/bin/run-entry';
import { serveApi } from '../../src/process/serve-api';
import { watchMemory } from './peak-memory';

runEntry(async ({ signal, say }) => {
  const peaks = watchMemory();
  const config = loadConfig();
  const db = openDatabase(config.databaseUrl ?? '');
  const { host, port, tokens } = config;
  const api = await serveApi({
    config,
    db,
    logger: createLogger({ name: 'bench-api', level: config.logLevel }),
    temporalAddress: config.temporal.address ?? '',
    temporalUiUrl: null,
    tokens,
    host,
    port,
    isLocal: false,
  });
  await untilAborted(signal);
  say(`peak memory ${JSON.stringify(peaks())}`);
  await api.close();
  await db.$client.end();
  return 0;
});
