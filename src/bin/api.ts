/** `npm run api`: the HTTP API in its own process. */
import { loadConfig } from '../config/load-config';
import { openDatabase } from '../db/connect';
import { migrateDatabase } from '../db/migrate';
import { ErrorForPeople } from '../error-for-people';
import { createLogger } from '../logger';
import { serveApi } from '../process/serve-api';
import { RepeatedLines } from '../repeated-lines';
import { runEntry, untilAborted } from './run-entry';

runEntry(async ({ signal }) => {
  const config = loadConfig();
  const logger = createLogger({ name: 'seatwise-api', level: config.logLevel });
  const lines = new RepeatedLines(logger);
  if (config.databaseUrl === null) throw new ErrorForPeople('The API needs DATABASE_URL.');
  if (config.temporal.address === null) throw new ErrorForPeople('The API needs TEMPORAL_ADDRESS.');
  const db = openDatabase(config.databaseUrl, {
    onIdleError: (error) => lines.log('warn', { err: error }, 'a database connection was lost'),
  });
  await migrateDatabase(db);
  const api = await serveApi({
    config,
    db,
    logger,
    temporalAddress: config.temporal.address,
    temporalUiUrl: config.temporal.uiUrl,
    tokens: config.tokens,
    host: config.host,
    port: config.port,
    isLocal: false,
  });
  if (config.tokens.length === 0) {
    logger.warn('SEATWISE_TOKENS is empty: nobody can call the API');
  }
  logger.info({ url: api.url }, 'the API is listening');
  await untilAborted(signal);
  await api.close();
  await db.$client.end();
  return 0;
});
